-- Quartz makes its own tables here at its first start.
create schema quartz;
