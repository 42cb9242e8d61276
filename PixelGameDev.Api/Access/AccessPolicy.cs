using Npgsql;
using PixelGameDev.Api.Database;
using PixelGameDev.Api.Problems;

namespace PixelGameDev.Api.Access;

/// <summary>Asks the access policy, which is two functions of the database (see the script 0021).</summary>
/// <remarks>
/// Statements that read or change something ask the functions in their own condition, for example
/// <c>project_access(p, $2) >= 'edit'</c>: nothing can change between the question and the work. This class asks them alone, and knows how
/// the answers read. No other code compares an owner with a caller; a test of the sources holds that.
/// </remarks>
internal sealed class AccessPolicy(NpgsqlDataSource database)
{
    /// <summary>Returns what an account may do with a project.</summary>
    public async Task<AccessLevel> FindAsync(Guid caller, Guid project, CancellationToken cancellationToken) => Parse(
        await database.FindAsync<string>(
            "select project_access(p, $2)::text from projects p where p.id = $1", [project, caller], cancellationToken));

    /// <summary>Throws unless an account may do this with a project.</summary>
    /// <exception cref="ProblemException">404: a project of another account looks as if it does not exist.</exception>
    public async Task RequireAsync(Guid caller, Guid project, AccessLevel least, CancellationToken cancellationToken)
    {
        if (await FindAsync(caller, project, cancellationToken) < least)
        {
            throw Problem.NotFound("project");
        }
    }

    /// <summary>Reads a level as the database writes it. Null stands for a project that does not exist.</summary>
    public static AccessLevel Parse(string? level) =>
        level is null ? AccessLevel.None : Enum.Parse<AccessLevel>(level, ignoreCase: true);
}
