using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>The rows of the installation, and its size on the disk in bytes.</summary>
internal sealed record InstallationSize(
    long Accounts, long Projects, long Files, long Revisions, long Trees, long Blobs, long Sessions, long Bytes, double FillSeconds);

/// <summary>One kind of request.</summary>
/// <param name="Page">What a person does.</param>
/// <param name="Whole">The time of the whole request, ms.</param>
/// <param name="Database">The time of its statements in the database, ms.</param>
internal sealed record PageRow(string Page, Distribution Whole, Distribution Database)
{
    public const double MedianLimit = 20;
    public const double P99Limit = 100;

    public bool IsReached => Database.P50 <= MedianLimit && Database.P99 <= P99Limit;
}

/// <summary>Work that a person or nobody waits for, done in batches.</summary>
/// <param name="Work">What was done.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="Removed">What it removed, in words.</param>
/// <param name="Statements">Its statements of at least 5 ms, ms.</param>
/// <param name="Beside">Requests that somebody else made meanwhile, ms.</param>
internal sealed record WorkRow(string Work, double Seconds, string Removed, Distribution Statements, Distribution Beside);

/// <summary>The results of the benchmark.</summary>
internal sealed record InstallationResults(InstallationSize Size, IReadOnlyList<PageRow> Pages, IReadOnlyList<WorkRow> Work);
