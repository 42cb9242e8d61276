using System.Text.Json;
using System.Text.Json.Nodes;

namespace PixelGameDev.Executor.Docker;

/// <summary>
/// The system calls a sandbox may make: <c>seccomp.json</c>, an allow-list in Docker's format. What is not on it fails with
/// EPERM; clone3 and epoll with ENOSYS, so that programs take what they had before (clone, poll).
/// </summary>
internal static class SeccompProfile
{
    /// <summary>The profile as the Docker API takes it.</summary>
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
    /// Returns one rule for each of an argument's "values", which Docker does not know; the rule itself where there are none.
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
