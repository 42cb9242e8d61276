using System.Globalization;
using PixelGameDev.Executor.Configuration;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Creates and reads the labels that identify the owner of a container. <c>executor</c> is the name that survives a restart.
/// <c>instance</c> identifies one incarnation. <c>process</c> is the process id with its start time: a second Executor of the same name on
/// the same machine (of a developer) uses it to detect that the first one still runs, and then does not touch its containers.
/// </summary>
internal sealed class SandboxLabels(ExecutorOptions options)
{
    public const string Executor = "pixelgamedev.executor";
    public const string Instance = "pixelgamedev.instance";
    public const string Process = "pixelgamedev.process";
    public const string Role = "pixelgamedev.role";
    public const string RoleSandbox = "sandbox";

    private readonly string _instance = Guid.NewGuid().ToString("N");
    private readonly string _process = ThisProcess();

    /// <summary>Returns the name that survives a restart.</summary>
    public string Identity => options.Identity;

    /// <summary>Creates the labels of a new sandbox.</summary>
    public Dictionary<string, string> New() => new()
    {
        [Role] = RoleSandbox,
        [Executor] = options.Identity,
        [Instance] = _instance,
        [Process] = _process,
    };

    /// <summary>Returns whether this incarnation of the Executor created the container.</summary>
    public bool IsOurs(IDictionary<string, string> labels) =>
        labels.TryGetValue(Instance, out string? instance) && instance == _instance;

    /// <summary>Returns whether an ended Executor with our name created the container.</summary>
    public bool IsLeftover(IDictionary<string, string> labels) =>
        labels.TryGetValue(Executor, out string? executor) && executor == options.Identity
        && !IsOurs(labels)
        && !(labels.TryGetValue(Process, out string? process) && IsAlive(process));

    private static string ThisProcess() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}:{StartTime(Environment.ProcessId) ?? "0"}");

    private static bool IsAlive(string process) =>
        process.Split(':') is [string number, string started]
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
        && StartTime(id) == started;

    // Sample of /proc/<pid>/stat: "1234 (name with ) and spaces) S 1 … <22nd field: start time in ticks> …"
    private static string? StartTime(int process)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            const int startTimeAfterName = 22 - 3;
            return fields[startTimeAfterName];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
