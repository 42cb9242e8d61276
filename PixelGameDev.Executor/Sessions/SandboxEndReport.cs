using PixelGameDev.Executor.Configuration;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Sessions;

/// <summary>Cleans the untrusted end report of a sandbox.</summary>
internal static class SandboxEndReport
{
    private const int MaxMessageLength = 300;
    private const int MaxDetailLength = 1000;

    /// <summary>
    /// Returns the end with texts of limited length and without control characters. The detail names the exceeded setting.
    /// </summary>
    /// <remarks>A sandbox does not know the settings, but an operator needs to know which limit was exceeded.</remarks>
    public static SessionEnded Clean(SessionEnded said, ExecutorOptions options)
    {
        string message = CleanText(said.Message, MaxMessageLength);
        string[] details = [DescribeLimit(said.Reason, options) ?? "", CleanText(said.Detail, MaxDetailLength)];
        string detail = string.Join("; ", details.Where(static part => part.Length > 0));
        return said with
        {
            Message = message.Length > 0 ? message : EndReasons.SentenceOf(said.Reason, options.MaxSessionTime),
            Detail = detail.Length > 0 ? detail : null,
        };
    }

    /// <summary>Returns the detail for an end at the memory limit.</summary>
    public static string DescribeMemoryLimit(SandboxPolicy policy) => $"SANDBOX_MEMORY of {policy.MemoryBytes >> 20} MiB is used up";

    private static string? DescribeLimit(string reason, ExecutorOptions options) => reason switch
    {
        EndReasons.MemoryLimit => DescribeMemoryLimit(options.Policy),
        EndReasons.ProcessLimit => $"SANDBOX_PIDS of {options.Policy.Pids} processes and threads is met",
        EndReasons.DiskLimit =>
            $"the {options.Policy.WorkBytes >> 20} MiB and {options.Policy.WorkInodes} files of {SandboxPolicy.WorkPath}, or those of " +
            "/tmp, are used up",
        EndReasons.OutputLimit => "GameHost's limit of console text or of questions is met",
        EndReasons.StreamLimit => "GameHost's limit of messages is met",
        _ => null,
    };

    private static string CleanText(string? text, int maxLength) =>
        text is null ? "" : new string([.. text.Take(maxLength).Select(static c => char.IsControl(c) ? ' ' : c)]).Trim();
}
