using System.Net;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Tests.Api;

/// <summary>The accounts of the matrix, and what they have.</summary>
public sealed partial class AuthorizationMatrixTests
{
    /// <summary>
    /// Creates accounts with a project each. It writes them to the database as sign-up would, but hashes their password only once.
    /// </summary>
    private async Task<World> WorldAsync()
    {
        string hash = await (_hash ??= fixture.Api.Services.GetRequiredService<Passwords>().HashAsync(Password, CancellationToken.None));
        Visitor guest = await fixture.NewVisitorAsync();
        Visitor owner = await fixture.NewVisitorAsync();
        Visitor other = await fixture.NewVisitorAsync();
        Visitor bystander = await fixture.NewVisitorAsync();
        await ExecuteAsync(
            $"""
            update accounts set name = 'm' || left(replace(id::text, '-', ''), 20), name_key = 'm' || right(replace(id::text, '-', ''), 20),
                guest = false, password_hash = '{hash}' where id in ('{owner.Id}', '{other.Id}', '{bystander.Id}');
            update accounts set name = name_key where id in ('{owner.Id}', '{other.Id}', '{bystander.Id}')
            """);
        return new World(guest, owner, other, bystander.Id, await PlayAsync(guest), await PlayAsync(owner));

        async Task<Belongings> PlayAsync(Visitor visitor)
        {
            Guid trashedProject = await visitor.NewProjectAsync();
            using HttpResponseMessage gone = await visitor.Http.DeleteAsync($"/api/projects/{trashedProject}");
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
            Guid project = await visitor.FirstProjectAsync();
            using HttpResponseMessage saved = await visitor.SaveAsync(project, "spare.py", "spare = True\n");
            Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
            using HttpResponseMessage started = await visitor.Http.PostAsJsonAsync("/api/sessions", new { projectId = project });
            using HttpResponseMessage old = await visitor.SaveAsync(project, "old.py", "old = True\n");
            Assert.Equal(HttpStatusCode.OK, old.StatusCode);
            using HttpResponseMessage deleted = await visitor.Http.DeleteAsync(Visitor.FileUrl(project, "old.py"));
            Guid trashedFile = Guid.Parse(deleted.Headers.Location!.OriginalString.Split('/')[^1]);
            Guid session = (await Visitor.JsonOf(started, HttpStatusCode.Created))["id"]!.GetValue<Guid>();
            await ExecuteAsync(
                "insert into saved_files (account_id, project_id, path, content, session_at) "
                    + $"values ('{visitor.Id}', '{project}', 'spare.py', 'spare', now())");
            Guid link = Guid.NewGuid();
            // A revoked link is one that is not there.
            await ExecuteAsync(
                "insert into links (id, project_id, code, code_hash, with_code, ends_at) values "
                    + LinkRow(link, "code", withCode: true, "null") + ", "
                    + LinkRow(Guid.NewGuid(), "play", withCode: false, "now() + interval '1 day'") + ", "
                    + LinkRow(Guid.NewGuid(), "ended", withCode: true, "now()"));
            await ExecuteAsync(
                $"""
                with over as (
                    insert into sessions (id, account_id, project_name, state, ended_at)
                    values (gen_random_uuid(), '{visitor.Id}', 'over', 'ended', now()) returning id)
                insert into watch_invitations (session_id, code, code_hash)
                select id, 'x', {HashOf("ended")} from over union all select '{session}', 'x', {HashOf("code")}
                """);
            await ExecuteAsync(
                "insert into publications (id, project_id, link_id, title, how_to_play, tags) "
                    + $"values (gen_random_uuid(), '{project}', '{link}', 'x', '', '{{}}')");
            await ExecuteAsync(
                "insert into reports (id, project_id, link_id, reporter, reason, details) "
                    + $"values (gen_random_uuid(), '{project}', '{link}', sha256('x'), 'other', '')");
            return new Belongings(project, session, trashedProject, trashedFile, link);

            string LinkRow(Guid id, string kind, bool withCode, string end) =>
                $"('{id}', '{project}', 'x', {HashOf(kind)}, {withCode}, {end})";

            string HashOf(string kind) => $"'\\x{Convert.ToHexString(ReadableCode.HashOf(CodeOf(visitor, kind)))}'::bytea";
        }
    }

    private static string CodeOf(Visitor owner, string kind) => $"{kind}{owner.Id:N}";

    private static async Task<string> NameAsync(Visitor visitor) => (await visitor.GetAsync("/api/me"))["name"]!.GetValue<string>();

    /// <summary>Returns a valid token for the account, or one with a single fault.</summary>
    private static string Jwt(Guid account, string wrong = "")
    {
        DateTime now = DateTime.UtcNow;
        SecurityTokenDescriptor descriptor = new()
        {
            Issuer = wrong == "issuer" ? "somebody" : AccessTokens.Issuer,
            Audience = wrong == "audience" ? "executor" : AccessTokens.Audience,
            IssuedAt = now.AddHours(-2),
            NotBefore = wrong == "early" ? now.AddHours(1) : now.AddHours(-2),
            Expires = wrong switch { "unending" => null, "expired" => now.AddHours(-1), _ => now.AddHours(2) },
            Claims = new Dictionary<string, object> { ["sub"] = account.ToString(), ["gen"] = 0 },
            SigningCredentials = wrong == "none"
                ? null
                : new SigningCredentials(
                    new SymmetricSecurityKey(Encoding.UTF8.GetBytes(wrong == "secret" ? RunningApi.ExecutorSecret : RunningApi.JwtSecret)),
                    SecurityAlgorithms.HmacSha256),
        };
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    private sealed record World(
        Visitor Guest, Visitor Owner, Visitor Other, Guid Bystander, Belongings OfGuest, Belongings OfOwner);

    private sealed record Belongings(Guid Project, Guid Session, Guid TrashedProject, Guid TrashedFile, Guid Link);
}
