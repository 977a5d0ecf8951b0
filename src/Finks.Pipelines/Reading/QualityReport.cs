using Finks.Cleansing.Quality;

namespace Finks.Pipelines.Reading;

/// <summary>The latest result of a check.</summary>
/// <param name="Stage"><c>cleanse</c> for the gate before Silver, <c>transform</c> for the dbt tests before Gold.</param>
public sealed record QualityCheck(string Stage, string RunId, DateTimeOffset CheckedAt, CheckResult Result);

/// <summary>A dataset's score now and after each of the latest runs, oldest first; null where no check had come to a verdict.</summary>
public sealed record DatasetScore(string Dataset, double? Score, IReadOnlyList<double?> History);

/// <summary>The quality of the lake's data. Scores are from 0 to 100; <see cref="QualityScore"/> says how they are made.</summary>
/// <param name="Score">Over the checks shown.</param>
/// <param name="History">After each of the latest runs, oldest first.</param>
public sealed record QualityReport(double? Score, IReadOnlyList<double?> History, IReadOnlyList<DatasetScore> Datasets, IReadOnlyList<QualityCheck> Checks);
