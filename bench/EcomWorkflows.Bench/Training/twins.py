"""What a Python user would write instead: called by TrainingBenchmark with raw little-endian float32 files.

twins.py speed   X Y ROWS COLUMNS ROUNDS THREADS      trains, prints seconds of matrix and training
twins.py predict MODEL X ROWS COLUMNS OUT             predicts with a model file, writes float32
twins.py score   MODEL CSV THRESHOLD OUT               scores customers, prints seconds, processor time and peak memory
twins.py twins   X Y ROWS TX TY TROWS COLUMNS SEED    fits the twins of our learners, prints their figures on the test rows
"""
import json, sys, time, warnings
import numpy as np
warnings.filterwarnings('ignore')
import xgboost as xgb


def read(path, rows, columns=1):
    data = np.fromfile(path, dtype='<f4')
    return data.reshape(int(rows), int(columns)) if int(columns) > 1 else data


def speed(x, y, rows, columns, rounds, threads):
    x, y = read(x, rows, columns), read(y, rows)
    t0 = time.perf_counter()
    matrix = xgb.DMatrix(x, label=y, nthread=int(threads))
    t1 = time.perf_counter()
    params = dict(objective='binary:logistic', tree_method='hist', max_depth=6, eta=0.3, nthread=int(threads), seed=42, verbosity=0)
    xgb.train(params, matrix, int(rounds))
    return dict(matrix=t1 - t0, train=time.perf_counter() - t1)


def predict(model, x, rows, columns, out):
    booster = xgb.Booster(model_file=model)
    names = booster.feature_names
    booster.predict(xgb.DMatrix(read(x, rows, columns), feature_names=names)).astype('<f4').tofile(out)
    return dict(version=xgb.__version__)


def score(model, csv, threshold, out):
    import resource
    import pandas as pd
    started, busy = time.perf_counter(), time.process_time()
    booster = xgb.Booster(model_file=model)
    rows = pd.read_csv(csv)
    p = booster.predict(xgb.DMatrix(rows[booster.feature_names].to_numpy('float32'), feature_names=booster.feature_names))
    pd.DataFrame(dict(customer_id=rows.customer_id, churn_probability=p, predicted_label=(p >= float(threshold)).astype(int))).to_csv(out, index=False)
    return dict(seconds=time.perf_counter() - started, cpu=time.process_time() - busy, peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def interval(y, p, metric):
    rng = np.random.default_rng(7)
    pos, neg = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    values = [metric(y[i], p[i]) for i in (np.r_[rng.choice(pos, len(pos)), rng.choice(neg, len(neg))] for _ in range(200))]
    return [float(v) for v in np.quantile(values, [.025, .975])]


def twins(x, y, rows, tx, ty, trows, columns, seed):
    from sklearn.ensemble import AdaBoostClassifier, RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import average_precision_score, roc_auc_score
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.tree import DecisionTreeClassifier
    x, y, tx, ty, seed = read(x, rows, columns), read(y, rows), read(tx, trows, columns), read(ty, trows), int(seed)
    mean = np.nanmean(x, axis=0)
    x, tx = np.where(np.isnan(x), mean, x), np.where(np.isnan(tx), mean, tx)
    long = [j for j in range(x.shape[1]) if x[:, j].min() >= 0 and len(np.unique(x[:, j])) > 2]
    def logs(a):
        a = a.copy(); a[:, long] = np.log1p(np.clip(a[:, long], 0, None)); return a
    lx, ltx = logs(x), logs(tx)
    scaler = StandardScaler().fit(lx)
    linear = xgb.train(dict(booster='gblinear', updater='coord_descent', objective='binary:logistic', alpha=0.001, reg_lambda=0.0005, nthread=1, verbosity=0, eta=1),
                       xgb.DMatrix(scaler.transform(lx), label=y), 60)
    scores = {
        'logistic_regression': make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000)).fit(lx, y).predict_proba(ltx)[:, 1],
        'gradient_boosting': xgb.XGBClassifier(n_estimators=300, max_depth=5, learning_rate=.05, subsample=.8, colsample_bytree=.8, min_child_weight=5, tree_method='hist',
                                               n_jobs=2, random_state=seed, eval_metric='logloss', use_label_encoder=False).fit(x, y).predict_proba(tx)[:, 1],
        'random_forest': RandomForestClassifier(300, min_samples_leaf=5, n_jobs=2, random_state=seed).fit(x, y).predict_proba(tx)[:, 1],
        'xgboost_linear': linear.predict(xgb.DMatrix(scaler.transform(ltx))),
        'adaboost': AdaBoostClassifier(DecisionTreeClassifier(max_depth=2, min_samples_leaf=5), n_estimators=150, learning_rate=.5, algorithm='SAMME', random_state=seed).fit(x, y).decision_function(tx),
    }
    return {name: dict(roc_auc=float(roc_auc_score(ty, p)), roc_auc_interval=interval(ty, p, roc_auc_score),
                       pr_auc=float(average_precision_score(ty, p)), pr_auc_interval=interval(ty, p, average_precision_score)) for name, p in scores.items()}


print(json.dumps(globals()[sys.argv[1]](*sys.argv[2:])))
