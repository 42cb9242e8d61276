using System.Text.Json;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>A file of a template.</summary>
internal sealed record TemplateFile(string Path, byte[] Content, bool Binary);

/// <summary>A template for new projects.</summary>
internal sealed record Template(string Name, string Title, string Description, string Entry, int Order, IReadOnlyList<TemplateFile> Files)
{
    /// <summary>Returns the size of all files in bytes.</summary>
    public long Bytes { get; } = Files.Sum(file => (long)file.Content.Length);
}

/// <summary>
/// Holds the templates of <c>content/templates/</c>, which are read once at start. Each folder contains <c>template.json</c> and the files.
/// </summary>
/// <remarks>
/// <code>{ "title": "Star Catcher", "description": "Catch falling stars.", "entry": "main.py", "order": 1 }</code>
/// </remarks>
internal sealed class TemplateCatalog
{
    /// <summary>The name of the template for a guest's first project.</summary>
    public const string Starter = "starter";

    private const string DescriptionFile = "template.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { ReadCommentHandling = JsonCommentHandling.Skip };

    private readonly Dictionary<string, Template> _byName;

    public TemplateCatalog(ProjectLimits limits)
        : this(Path.Combine(AppContext.BaseDirectory, "content", "templates"), limits)
    {
    }

    /// <summary>Reads every template below <paramref name="directory"/>. Throws when a template breaks the rules for projects.</summary>
    internal TemplateCatalog(string directory, ProjectLimits limits)
    {
        All = Directory.Exists(directory)
            ? [.. Directory.GetDirectories(directory).Select(folder => Read(folder, limits)).OrderBy(template => template.Order)
                .ThenBy(template => template.Name, StringComparer.Ordinal)]
            : [];
        _byName = All.ToDictionary(template => template.Name, StringComparer.Ordinal);
        if (!_byName.ContainsKey(Starter))
        {
            throw new InvalidOperationException($"The template \"{Starter}\" is missing in {directory}: this installation is incomplete.");
        }
    }

    /// <summary>Returns all templates in display order.</summary>
    public IReadOnlyList<Template> All { get; }

    /// <summary>Finds the template with this name; null if it does not exist.</summary>
    public Template? Find(string name) => _byName.GetValueOrDefault(name);

    private static Template Read(string folder, ProjectLimits limits)
    {
        string name = Path.GetFileName(folder);
        try
        {
            Header header = JsonSerializer.Deserialize<Header>(File.ReadAllText(Path.Combine(folder, DescriptionFile)), Json)!;
            List<TemplateFile> files = [];
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                string path = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
                if (path != DescriptionFile)
                {
                    byte[] content = File.ReadAllBytes(file);
                    files.Add(new TemplateFile(FilePaths.Check(path), content, FileKinds.IsBinary(path, content)));
                }
            }

            limits.CheckProject(
                files.Count, files.Sum(file => (long)file.Content.Length),
                files.Where(file => FileKinds.IsSource(file.Path)).Sum(file => (long)file.Content.Length));
            return files.Any(file => file.Path == header.Entry)
                ? new Template(name, header.Title, header.Description, header.Entry, header.Order, files)
                : throw new InvalidOperationException($"The entry {header.Entry} is missing.");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            string reason = error is ProblemException problem ? problem.Detail : error.Message;
            throw new InvalidOperationException($"The template in {folder} cannot be used: {reason}", error);
        }
    }

    private sealed record Header(string Title, string Description, string Entry, int Order);
}
