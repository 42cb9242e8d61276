using System.Text.RegularExpressions;

namespace PixelGameDev.Tests.Unit.Habits;

/// <summary>
/// Tests that statements ask the access policy (<c>project_access</c>) instead of comparing the owner of a project with the caller.
/// </summary>
public sealed partial class AccessPolicyTests
{
    /// <summary>Files whose statements are about everything that an account has, and not about what a caller may do.</summary>
    private static readonly Dictionary<string, string> AboutTheOwner = new()
    {
        ["PixelGameDev.Api/Accounts/AccountDeletions.cs"] = "deletes all projects of an account",
        ["PixelGameDev.Api/Accounts/AccountExport.cs"] = "the person's own projects, the trash too",
        ["PixelGameDev.Api/Accounts/HistoryExport.cs"] = "the person's own projects, the trash too",
        ["PixelGameDev.Api/History/Pictures/PictureStore.cs"] = "the export, the trash too",
        ["PixelGameDev.Api/Projects/ProjectStore.cs"] = "the list and the number of a person's projects",
        ["PixelGameDev.Api/Projects/ProjectTransaction.cs"] = "the trash, which the policy does not know",
        ["PixelGameDev.Api/Projects/TrashExpiry.cs"] = "housekeeping",
        ["PixelGameDev.Api/Projects/TrashStore.cs"] = "the list of a person's trash",
        ["PixelGameDev.Api/Recordings/RecordingExport.cs"] = "the person's own projects, the trash too",
        ["PixelGameDev.Api/Storage/StorageQuota.cs"] = "empties a person's trash",
    };

    [Fact]
    public void Only_the_policy_compares_an_owner_with_a_caller()
    {
        string[] found =
        [
            .. SourceFiles.WithEnding(".cs")
                .Where(static file => file.StartsWith("PixelGameDev.Api/", StringComparison.Ordinal))
                .Where(static file => SourceFiles.Lines(file).Any(static line => Comparison().IsMatch(line)))
                .Order(StringComparer.Ordinal),
        ];
        Assert.Equal(AboutTheOwner.Keys.Order(StringComparer.Ordinal), found);
    }

    // Samples: p.owner_id = $2; coalesce(p.owner_id, p.trashed_owner_id) = $2
    [GeneratedRegex(@"owner_id\)? = \$\d")]
    private static partial Regex Comparison();
}
