using System.Globalization;
using System.Text.RegularExpressions;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>The rule about where a piece of text must be.</summary>
internal enum TokenState
{
    /// <summary>Must exist: on the server, or in a draft of this browser.</summary>
    Live,

    /// <summary>May exist or not: the person deleted, replaced or undid it, or it depends on an answer that nobody saw.</summary>
    Free,

    /// <summary>Must not exist: an upload that the person cancelled.</summary>
    Never,
}

/// <summary>A piece of text that occurs only once.</summary>
internal sealed class Token(string text, string project, string path, int window)
{
    public string Text { get; } = text;

    public string Project { get; } = project;

    /// <summary>The window in which it was typed.</summary>
    public int Window { get; private set; } = window;

    /// <summary>Every name that its file has had. It may stand under each of them, and under no other name.</summary>
    public HashSet<string> Paths { get; } = [path];

    public TokenState State { get; set; } = TokenState.Live;

    /// <summary>The reason why it is not live, for the report.</summary>
    public string Reason { get; set; } = "typed";

    /// <summary>When it was typed, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long TypedAt { get; private set; } = Environment.TickCount64;

    /// <summary>True when the page has since said that everything is saved.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>Returns true where it may stand under this name: a name of its file, or the name of a copy ("red 2.py").</summary>
    public bool MayStandIn(string path) => Paths.Contains(path) || Paths.Any(own => IsCopyOf(path, own));

    public void Free(string reason)
    {
        State = TokenState.Free;
        Reason = reason;
    }

    public void Restore(string reason)
    {
        State = TokenState.Live;
        Reason = reason;
    }

    /// <summary>Notes that a window put it back into its editor, as if typed. It is saved only a moment later.</summary>
    public void Retype(string reason, int inWindow)
    {
        Restore(reason);
        (Window, TypedAt, Acknowledged) = (inWindow, Environment.TickCount64, false);
    }

    public override string ToString() =>
        $"{Text} (typed into {TextModel.Short(Project)}/{string.Join(" = ", Paths)}{(Acknowledged ? ", acknowledged" : "")}, {Reason})";

    private static bool IsCopyOf(string path, string own) =>
        Path.GetExtension(path) == Path.GetExtension(own)
        && path.StartsWith(Path.GetFileNameWithoutExtension(own), StringComparison.Ordinal);
}

/// <summary>Knows every text of the journey, and where each must and may be.</summary>
internal sealed partial class TextModel
{
    private const string ProjectDeleted = "its project was deleted";

    private readonly Dictionary<string, Token> _tokens = [];

    public IEnumerable<Token> Tokens => _tokens.Values;

    private readonly HashSet<(string Project, string Path)> _deletes = [];
    private readonly List<(string Project, string From, string To)> _renames = [];

    /// <summary>Returns the part of an id that differs between projects made at the same time.</summary>
    public static string Short(string? project) => project?[^6..] ?? "-";

    /// <summary>Returns a new piece of text. It counts after <see cref="Add"/>.</summary>
    public string NewText() => string.Create(CultureInfo.InvariantCulture, $"k{_tokens.Count + 1:00000}q");

    /// <summary>Notes a text that stands in a file.</summary>
    public Token Add(string text, string project, string path, int window)
    {
        Token token = _tokens[text] = new Token(text, project, path, window);
        // A rename is pending: the text may go with the file.
        foreach ((string _, string _, string to) in _renames.Where(rename => rename.Project == project && rename.From == path))
        {
            token.Paths.Add(to);
        }

        if (_deletes.Contains((project, path)) || _deletes.Contains((project, "")))
        {
            token.Free("typed into a file that was being deleted");
        }

        return token;
    }

    /// <summary>Notes that every request has been answered and no other window shows an old state.</summary>
    public void Settle()
    {
        _renames.Clear();
        _deletes.RemoveWhere(delete => delete.Path.Length > 0);
    }

    public Token? Find(string text) => _tokens.GetValueOrDefault(text);

    /// <summary>Returns the tokens in a text.</summary>
    public static HashSet<string> In(string? text) => [.. TokenPattern().Matches(text ?? "").Select(match => match.Value)];

    /// <summary>Returns the live tokens of a file.</summary>
    public IEnumerable<Token> LiveIn(string project, string path) =>
        _tokens.Values.Where(token => token.State == TokenState.Live && token.Project == project && token.MayStandIn(path));

    /// <summary>Notes that a file may now have another name.</summary>
    public void Rename(string project, string from, string to)
    {
        _renames.Add((project, from, to));
        foreach (Token token in _tokens.Values.Where(token => token.Project == project && token.MayStandIn(from)))
        {
            token.Paths.Add(to);
        }
    }

    /// <summary>Notes that the texts of a file may be gone, because the person removed them.</summary>
    public void FreeFile(string project, string path, string reason)
    {
        foreach (Token token in LiveIn(project, path).ToList())
        {
            token.Free(reason);
        }
    }

    /// <summary>Returns true when a delete of this file may still be pending.</summary>
    public bool IsBeingDeleted(string project, string path) => _deletes.Contains((project, path));

    /// <summary>Notes that a file is being deleted.</summary>
    public void DeleteFile(string project, string path)
    {
        FreeFile(project, path, $"{path} was deleted");
        _deletes.Add((project, path));
    }

    /// <summary>Notes that a deleted project is back, with everything that the page had called saved.</summary>
    public void RestoreProject(string project)
    {
        _deletes.Remove((project, ""));
        foreach (Token token in _tokens.Values.Where(token => token.Project == project
            && token is { Reason: ProjectDeleted, Acknowledged: true }))
        {
            token.Restore("its project was brought back");
        }
    }

    /// <summary>Notes that a project is being deleted.</summary>
    public void DeleteProject(string project)
    {
        _deletes.Add((project, ""));
        foreach (Token token in _tokens.Values.Where(token => token.Project == project && token.State == TokenState.Live))
        {
            token.Free(ProjectDeleted);
        }
    }

    [GeneratedRegex(@"k\d{5,}q")]
    private static partial Regex TokenPattern();
}
