"""Scores, correlations, points of curves and intersections for drawn models, and a schedule, by chances of their own:
what a seed draws beside them stays as it was."""
import random

import keras


class Scores:
    def __init__(self, seed):
        self.r = random.Random(f"scores {seed}")

    def metrics(self, kind, loss, shape):
        """Of an output, some in one call of three: (metrics, weighted_metrics)."""
        found = [[], []]
        for _ in range(self.r.choice((0, 0, 0, 0, 1, 3))):
            fits = self.fitting(kind, loss, shape)
            if fits:
                found[self.r.randrange(2)].append(self.r.choice(fits)())
        return found

    def rate(self, rate):
        """The rate that was drawn, or one that starts again."""
        if self.r.random() >= 0.06:
            return rate
        t_mul, m_mul, alpha = self.r.choice(((2.0, 1.0, 0.0), (1.0, 0.7, 0.1), (1.5, 0.5, 0.0)))
        return keras.optimizers.schedules.CosineDecayRestarts(0.01, self.r.choice((1, 2, 3, 5)), t_mul, m_mul, alpha)

    def fitting(self, kind, loss, shape):
        """Those that Keras has of such outputs and targets. Correlations of two units are 1 or -1."""
        m, r, units = keras.metrics, self.r, shape[-1]
        name = loss if isinstance(loss, str) else loss.__class__.__name__
        if "parse" in name:
            return [lambda: m.MeanIoU(units, sparse_y_pred=False),
                    lambda: m.IoU(units + 1, [0, units - 1], sparse_y_pred=False, dtype="float32")]
        fits = []
        if units > 2:
            fits += [m.PearsonCorrelation, m.ConcordanceCorrelation]
        if len(shape) == 2:
            fits += [m.R2Score, lambda: m.R2Score("variance_weighted_average", r.choice((0, 2, 9)))]
        if kind not in ("softmax", "sigmoid"):
            return fits
        points = (m.PrecisionAtRecall, m.RecallAtPrecision, m.SensitivityAtSpecificity, m.SpecificityAtSensitivity)
        class_id = r.choice((None, r.randrange(units)))
        fits += [lambda: r.choice(points)(r.choice((0.2, 0.5, 0.8)), num_thresholds=r.choice((1, 2, 5, 21)),
                                          class_id=class_id),
                 lambda: r.choice((m.Precision, m.Recall))(class_id=class_id),
                 lambda: r.choice((m.Precision, m.Recall))(top_k=1 + r.randrange(units), class_id=class_id)]
        if kind == "softmax":
            fits += [lambda: m.OneHotMeanIoU(units), lambda: m.OneHotIoU(units, [units - 1], dtype="float32")]
        elif units == 1:
            fits.append(lambda: m.BinaryIoU([1], r.choice((0.3, 0.5))))
        if len(shape) == 2:
            average, threshold = r.choice(("micro", "macro", "weighted")), r.choice((None, 0.3, 0.5))
            fits += [lambda: m.F1Score(average, threshold),
                     lambda: m.FBetaScore(average, r.choice((0.5, 2.0)), threshold)]
        return fits
