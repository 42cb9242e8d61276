using System.Net;
using System.Net.Http.Json;
using PixelGameDev.Api.Security.Authentication;

namespace PixelGameDev.Tests.Api;

/// <summary>Tests that the games of a guest wait in its browser while somebody else is signed in there, however that ends.</summary>
public sealed class ParkedGuestTests(ApiFixture fixture) : AccountTestBase(fixture)
{
    [Fact]
    public async Task A_pupil_at_a_shared_computer_leaves_the_games_of_another_where_they_are()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        using Visitor shared = await Fixture.NewVisitorAsync();
        Guid guest = shared.Id;
        Guid theirs = await shared.NewProjectAsync();

        using HttpResponseMessage signIn =
            await shared.Http.PostAsJsonAsync("/api/account/sign-in", new { name, password = Password, bringGames = false });
        Assert.Equal(home.Id, (await Visitor.JsonOf(signIn, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        Assert.DoesNotContain(theirs, await ProjectsAsync(shared));

        // Whoever made them finds them again.
        (await shared.Http.PostAsync("/api/account/sign-out", null)).EnsureSuccessStatusCode();
        Assert.Equal(guest, (await shared.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
        Assert.Contains(theirs, await ProjectsAsync(shared));
    }

    [Theory]
    [InlineData("signed out everywhere")]
    [InlineData("deleted")]
    [InlineData("password changed elsewhere")]
    [InlineData("deleted elsewhere")]
    public async Task The_guest_is_back_after_every_end_of_the_sign_in(string end)
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        using Visitor shared = await Fixture.NewVisitorAsync();
        Guid theirs = await shared.NewProjectAsync();
        await SignInAsync(shared, name);
        Assert.DoesNotContain(theirs, await ProjectsAsync(shared));

        using HttpResponseMessage ended = await (end switch
        {
            "signed out everywhere" => shared.Http.PostAsync("/api/account/sign-out-everywhere", null),
            "deleted" => shared.Http.PostAsJsonAsync("/api/account/delete", new { password = Password }),
            "deleted elsewhere" => home.Http.PostAsJsonAsync("/api/account/delete", new { password = Password }),
            _ => home.Http.PostAsJsonAsync(
                "/api/account/password", new { currentPassword = Password, newPassword = "four purple frogs" }),
        });
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);

        // This browser cannot know what happened elsewhere. Its next visit asks for a guest, as a first visit does.
        bool here = end is "signed out everywhere" or "deleted";
        using HttpResponseMessage me = here ? await shared.Http.GetAsync("/api/me") : await shared.Http.PostAsync("/api/guests", null);
        Assert.Equal(shared.Id, (await Visitor.JsonOf(me, HttpStatusCode.OK))["id"]!.GetValue<Guid>());
        Assert.Contains(theirs, await ProjectsAsync(shared));
        Assert.DoesNotContain(ParkedGuest.Name, CookiesOf(shared), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_in_which_two_guests_would_wait_keeps_the_games_of_both()
    {
        string name = NewName();
        using Visitor home = await SignedUpAsync(name);
        using Visitor first = await Fixture.NewVisitorAsync();
        Guid firsts = await first.NewProjectAsync();
        await SignInAsync(first, name);
        // As a version before has left it: one guest waits, and another one was made.
        using Visitor second = await Fixture.NewVisitorAsync();
        Guid seconds = await second.NewProjectAsync();
        second.Cookies.Add(first.Cookies.GetCookies(Fixture.Api.Address)[ParkedGuest.Name]!);

        await SignInAsync(second, name);
        (await second.Http.PostAsync("/api/account/sign-out", null)).EnsureSuccessStatusCode();
        Assert.Equal(second.Id, (await second.GetAsync("/api/me"))["id"]!.GetValue<Guid>());
        IReadOnlyList<Guid> games = await ProjectsAsync(second);
        Assert.Contains(firsts, games);
        Assert.Contains(seconds, games);
        // Its starter and those two.
        Assert.Equal(3, games.Count);
        Assert.DoesNotContain(firsts, await ProjectsAsync(home));
    }

    private string CookiesOf(Visitor visitor) => visitor.Cookies.GetCookieHeader(Fixture.Api.Address);

    private static async Task SignInAsync(Visitor visitor, string name)
    {
        using HttpResponseMessage signIn =
            await visitor.Http.PostAsJsonAsync("/api/account/sign-in", new { name, password = Password, bringGames = false });
        await Visitor.JsonOf(signIn, HttpStatusCode.OK);
    }
}
