using System.Text.Json;

namespace PixelGameDev.Executor.Sandboxes.Docker;

/// <summary>
/// The system calls a sandbox may make: <c>seccomp.json</c>, an allow-list in Docker's format. What is not on it fails with
/// EPERM; clone3 with ENOSYS, since its flags cannot be looked at and the C library then uses clone.
/// </summary>
internal static class SeccompProfile
{
    /// <summary>The profile as the Docker API takes it.</summary>
    public static string Json { get; } = Load();

    private static string Load()
    {
        using Stream stream = typeof(SeccompProfile).Assembly.GetManifestResourceStream("seccomp.json")
            ?? throw new InvalidOperationException("the seccomp profile is missing from the assembly");
        using JsonDocument document = JsonDocument.Parse(stream, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        return JsonSerializer.Serialize(document.RootElement);
    }
}
