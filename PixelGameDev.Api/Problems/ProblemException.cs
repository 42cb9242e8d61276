namespace PixelGameDev.Api.Problems;

/// <summary>
/// Refuses a request with a sentence for the person. Stores and checks throw it, and <see cref="ProblemHandling"/> turns it into problem
/// details (RFC 9457), so that each rule is next to its data.
/// </summary>
/// <param name="status">HTTP status, 400 … 599.</param>
/// <param name="code">The stable name of the problem, e.g. <c>file_too_large</c>. The page chooses its text by it.</param>
/// <param name="title">The problem in a few words.</param>
/// <param name="detail">What happened and what to do, in words that a child understands.</param>
/// <param name="parameters">
/// Values of the sentence by name. A page in another language inserts them into its own sentence (Web/src/language/en/problems.ts). If a
/// code has several sentences, <c>kind</c> selects one.
/// </param>
internal sealed class ProblemException(
    int status, string code, string title, string detail, params (string Name, object Value)[] parameters)
    : Exception(title)
{
    public int Status => status;

    public string Code => code;

    public string Title => Message;

    public string Detail => detail;

    /// <summary>Returns the values of the sentence by name, for the member <c>parameters</c> of the document.</summary>
    public IReadOnlyDictionary<string, object> Parameters { get; } =
        parameters.ToDictionary(static parameter => parameter.Name, static parameter => parameter.Value);

    /// <summary>The number of seconds after which a retry makes sense, for the header <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Returns further members of the problem document.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }
}
