using System.Text;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>Checks the limits of a project and words the problem for each exceeded limit.</summary>
internal sealed class ProjectLimits(ProjectOptions options)
{
    /// <summary>The maximum number of files in one project.</summary>
    public const int MaxFiles = 1000;

    /// <summary>The maximum size of one file in bytes.</summary>
    public const int MaxFileBytes = 5_000_000;

    /// <summary>The maximum size of all files of one project in bytes.</summary>
    public const int MaxProjectBytes = 20_000_000;

    /// <summary>The maximum number of projects of one account.</summary>
    public const int MaxProjects = 100;

    /// <summary>The maximum length of a project's name in characters.</summary>
    public const int MaxNameLength = 80;

    /// <summary>Returns the maximum size of all Python files of one project in bytes (<c>MAX_CODE_SIZE</c>).</summary>
    public int MaxCodeBytes => options.MaxCodeBytes;

    /// <summary>Checks the limits of a single file.</summary>
    /// <exception cref="ProblemException">413</exception>
    public void CheckFile(string path, long bytes)
    {
        if (FileKinds.IsSource(path) && bytes > MaxCodeBytes)
        {
            throw CodeTooLarge(bytes);
        }

        if (bytes > MaxFileBytes)
        {
            throw FileTooLarge(path);
        }
    }

    /// <summary>Checks the totals that the project would have after a change.</summary>
    /// <exception cref="ProblemException">413</exception>
    public void CheckProject(long files, long bytes, long codeBytes)
    {
        if (codeBytes > MaxCodeBytes)
        {
            throw CodeTooLarge(codeBytes);
        }

        if (files > MaxFiles)
        {
            throw Problem.TooLarge(
                "too_many_files",
                "Too many files",
                $"A project can hold {MaxFiles} files. Delete some you no longer need, or join small pictures into one sheet.",
                ("limit", MaxFiles));
        }

        if (bytes > MaxProjectBytes)
        {
            throw Problem.TooLarge(
                "project_too_large",
                "The project is full",
                $"All files of a project together can be {Megabytes(MaxProjectBytes)}. Delete some, or make pictures and sounds smaller.",
                ("megabytes", MaxProjectBytes / 1_000_000));
        }
    }

    /// <summary>Returns the name trimmed and in composed Unicode form (NFC), if it follows the rules.</summary>
    /// <exception cref="ProblemException">400</exception>
    public static string CheckName(string name)
    {
        string clean = FilePaths.IsWellFormed(name) ? name.Trim().Normalize(NormalizationForm.FormC) : "";
        return clean.Length is > 0 and <= MaxNameLength && !clean.Any(char.IsControl) && FilePaths.IsVisible(clean)
            && !NameText.ChangesDirection(clean)
            ? clean
            : throw Problem.Invalid(
                "bad_name", "That name does not work", $"Give the project a name of 1 to {MaxNameLength} letters, without line breaks.",
                ("limit", MaxNameLength));
    }

    public static ProblemException FileTooLarge(string path) => Problem.TooLarge(
        "file_too_large",
        "The file is too large",
        $"\"{path}\" is larger than {Megabytes(MaxFileBytes)}. Make the picture smaller, or save the sound as OGG.",
        ("path", path), ("megabytes", MaxFileBytes / 1_000_000));

    private ProblemException CodeTooLarge(long bytes) => Problem.TooLarge(
        "code_too_large",
        "Too much code",
        $"All Python files together can be {MaxCodeBytes:N0} bytes; these would be {bytes:N0}. Move long lists of data into a text or " +
            $"JSON file.",
        ("limit", MaxCodeBytes));

    private static string Megabytes(int bytes) => $"{bytes / 1_000_000} MB";
}
