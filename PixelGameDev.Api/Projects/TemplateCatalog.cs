using System.Text.Json;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Projects;

/// <summary>A file of a template.</summary>
internal sealed record TemplateFile(string Path, byte[] Content, bool Binary);

/// <summary>A template for new projects.</summary>
internal sealed record Template(string Name, string Title, string Description, string Entry, int Order, IReadOnlyList<TemplateFile> Files)
{
    /// <summary>Returns the size of all files in bytes.</summary>
    public long Bytes => Files.Sum(static file => (long)file.Content.Length);
}

/// <summary>
/// Holds the templates of <c>content/templates/</c>, which are read once at start. Each folder contains <c>template.json</c> and the files.
/// The folder <c>starter.de</c> has the German title, the German description, and those files of <c>starter</c> that have words in them.
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

    private const string English = "en";

    private readonly Dictionary<string, Template> _byName;
    private readonly Dictionary<(string Name, string Language), Template> _translated;
    private readonly HashSet<string> _languages;

    public TemplateCatalog(ProjectLimits limits)
        : this(Path.Combine(AppContext.BaseDirectory, "content", "templates"), limits)
    {
    }

    /// <summary>Reads every template below <paramref name="directory"/>. Throws when a template breaks the rules for projects.</summary>
    internal TemplateCatalog(string directory, ProjectLimits limits)
    {
        string[] folders = Directory.Exists(directory) ? Directory.GetDirectories(directory) : [];
        All = [.. folders.Where(static folder => LanguageOf(folder) == "").Select(folder => Read(folder, limits))
            .OrderBy(template => template.Order).ThenBy(template => template.Name, StringComparer.Ordinal)];
        _byName = All.ToDictionary(template => template.Name, StringComparer.Ordinal);
        if (!_byName.ContainsKey(Starter))
        {
            throw new InvalidOperationException($"The template \"{Starter}\" is missing in {directory}: this installation is incomplete.");
        }

        _translated = folders.Where(static folder => LanguageOf(folder) != "")
            .ToDictionary(
                static folder => (Path.GetFileNameWithoutExtension(folder), LanguageOf(folder)), folder => Translate(folder, limits));
        _languages = [English, .. _translated.Keys.Select(static key => key.Language)];
    }

    /// <summary>Returns all templates in display order.</summary>
    public IReadOnlyList<Template> All { get; }

    /// <summary>Returns all templates in display order, in the language that the client prefers.</summary>
    public IEnumerable<Template> AllFor(HttpRequest request)
    {
        string language = PreferredLanguage(request);
        return All.Select(template => _translated.GetValueOrDefault((template.Name, language), template));
    }

    /// <summary>Finds the template with this name, in the language that the client prefers; null if it does not exist.</summary>
    public Template? Find(string name, HttpRequest request) =>
        _translated.GetValueOrDefault((name, PreferredLanguage(request))) ?? _byName.GetValueOrDefault(name);

    /// <summary>Returns the first language of <c>Accept-Language</c> that templates have; English if there is none.</summary>
    private string PreferredLanguage(HttpRequest request) => request.GetTypedHeaders().AcceptLanguage
        .Where(static wish => wish.Quality != 0)
        .OrderByDescending(static wish => wish.Quality ?? 1)
        // Sample of what browsers say: de-CH, de;q=0.9, en;q=0.8
        .Select(static wish => wish.Value.ToString().Split('-')[0].ToLowerInvariant())
        .FirstOrDefault(_languages.Contains) ?? English;

    /// <summary>Returns <c>de</c> of <c>templates/starter.de</c>; empty for a template itself.</summary>
    private static string LanguageOf(string folder) => Path.GetExtension(folder).TrimStart('.');

    private Template Translate(string folder, ProjectLimits limits)
    {
        try
        {
            Template original = _byName[Path.GetFileNameWithoutExtension(folder)];
            Header header = JsonSerializer.Deserialize<Header>(File.ReadAllText(Path.Combine(folder, DescriptionFile)), Json)!;
            Dictionary<string, TemplateFile> translated = ReadFiles(folder).ToDictionary(static file => file.Path, StringComparer.Ordinal);
            List<TemplateFile> files = [.. original.Files.Select(file => translated.GetValueOrDefault(file.Path, file))];
            CheckFiles(files, limits);
            return files.Count(file => translated.ContainsValue(file)) == translated.Count
                ? original with { Title = header.Title, Description = header.Description, Files = files }
                : throw new InvalidOperationException("It has a file that the template does not have.");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw Unusable(folder, error);
        }
    }

    private static Template Read(string folder, ProjectLimits limits)
    {
        string name = Path.GetFileName(folder);
        try
        {
            Header header = JsonSerializer.Deserialize<Header>(File.ReadAllText(Path.Combine(folder, DescriptionFile)), Json)!;
            List<TemplateFile> files = ReadFiles(folder);
            CheckFiles(files, limits);
            return files.Any(file => file.Path == header.Entry)
                ? new Template(name, header.Title, header.Description, header.Entry, header.Order, files)
                : throw new InvalidOperationException($"The entry {header.Entry} is missing.");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw Unusable(folder, error);
        }
    }

    private static List<TemplateFile> ReadFiles(string folder)
    {
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

        return files;
    }

    private static void CheckFiles(List<TemplateFile> files, ProjectLimits limits) => limits.CheckProject(
        files.Count, files.Sum(file => (long)file.Content.Length),
        files.Where(file => FileKinds.IsSource(file.Path)).Sum(file => (long)file.Content.Length));

    private static InvalidOperationException Unusable(string folder, Exception error) => new(
        $"The template in {folder} cannot be used: {(error is ProblemException problem ? problem.Detail : error.Message)}", error);

    /// <summary>The content of <c>template.json</c>. That of a translation has only the words.</summary>
    private sealed record Header(string Title, string Description, string Entry, int Order);
}
