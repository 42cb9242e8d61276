namespace PixelGameDev.Api.Problems;

/// <summary>
/// Refuses a request, with the sentence that the person reads. Stores and checks throw it, and <see cref="ProblemHandling"/> turns it
/// into problem details (RFC 9457), so that a rule stands where its data is.
/// </summary>
/// <param name="status">HTTP status, 400 … 599.</param>
/// <param name="code">Stable name of the problem, e.g. <c>file_too_large</c>: the page chooses its words by it.</param>
/// <param name="title">What is wrong, a few words.</param>
/// <param name="detail">What happened and what to do, in words a child understands.</param>
/// <param name="parameters">
/// Values of the sentence by name: a page in another language puts them into its own sentence (Web/src/language/en/problems.ts). Where a
/// code has several sentences, <c>kind</c> tells which.
/// </param>
internal sealed class ProblemException(
    int status, string code, string title, string detail, params (string Name, object Value)[] parameters)
    : Exception(title)
{
    public int Status => status;

    public string Code => code;

    public string Title => Message;

    public string Detail => detail;

    /// <summary>The values of the sentence by name, for the member <c>parameters</c> of the document.</summary>
    public IReadOnlyDictionary<string, object> Parameters { get; } =
        parameters.ToDictionary(static parameter => parameter.Name, static parameter => parameter.Value);

    /// <summary>Seconds after which trying again makes sense, for the header <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Further members of the problem document.</summary>
    public IReadOnlyDictionary<string, object?>? Extensions { get; init; }
}
