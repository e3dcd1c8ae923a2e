-- Running attempts are found through their instances, which are indexed. Without the state in an index of its own, the end of an attempt touches no index at all.
drop index orchestration.task_attempt_running;
