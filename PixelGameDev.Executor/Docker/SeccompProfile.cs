using System.Text.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// Provides the allow-list of system calls of a sandbox: <c>seccomp.json</c> in Docker's format. Other calls fail with EPERM. clone3 and
/// epoll fail with ENOSYS, so that programs fall back to the older calls (clone, poll).
/// </summary>
internal static class SeccompProfile
{
    /// <summary>Returns the profile in the format of the Docker API.</summary>
    public static string Json { get; } = Load();

    private static string Load()
    {
        using Stream stream = typeof(SeccompProfile).Assembly.GetManifestResourceStream("seccomp.json")
            ?? throw new InvalidOperationException("the seccomp profile is missing from the assembly");
        JsonNode profile = JsonNode.Parse(stream, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip })!;
        profile["syscalls"] = new JsonArray([.. profile["syscalls"]!.AsArray().SelectMany(static rule => Expand(rule!.AsObject()))]);
        return profile.ToJsonString();
    }

    /// <summary>
    /// Returns one rule for each of an argument's "values", which Docker does not support; returns the rule itself if there are none.
    /// </summary>
    private static IEnumerable<JsonNode> Expand(JsonObject rule)
    {
        int index = rule["args"] is JsonArray args
            ? args.ToList().FindIndex(static argument => argument!.AsObject().ContainsKey("values")) : -1;
        if (index < 0)
        {
            yield return rule.DeepClone();
            yield break;
        }

        foreach (JsonNode? value in rule["args"]![index]!["values"]!.AsArray())
        {
            JsonObject one = rule.DeepClone().AsObject();
            JsonObject argument = one["args"]![index]!.AsObject();
            argument.Remove("values");
            argument["value"] = value!.DeepClone();
            yield return one;
        }
    }
}
