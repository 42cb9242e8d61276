using System.Globalization;
using System.Net.Http.Json;
using System.Text;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>Sends the requests of the pages as people of the installation. Every second person is one of those with 100 games.</summary>
internal sealed class PageRequests : IDisposable
{
    private readonly InstallationData _data;
    private readonly HttpClient _http;

    public PageRequests(Uri address, InstallationData data)
    {
        _data = data;
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false, UseProxy = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromMinutes(10),
        };
        _http.DefaultRequestHeaders.Add("Origin", address.GetLeftPart(UriPartial.Authority));
    }

    /// <summary>The kinds of requests; each takes the number of its turn.</summary>
    public IReadOnlyList<(string Page, Func<int, Task> Send)> Kinds =>
    [
        ("the page opens: who is here", turn => GetAsync(Person(turn), "/api/me")),
        ("list of games", turn => GetAsync(Person(turn), "/api/projects")),
        ("a game with its files", turn => GetAsync(Person(turn), $"/api/projects/{Game(turn)}")),
        ("a file", turn => GetAsync(Person(turn), $"/api/projects/{Game(turn)}/files/main.py")),
        ("save a file", turn => SendAsync(Person(turn), HttpMethod.Put, $"/api/projects/{Game(turn)}/files/main.py",
            new StringContent($"print({turn})\n", Encoding.UTF8, "text/plain"))),
        ("timeline", turn => GetAsync(Owner(turn), $"/api/projects/{Old(turn)}/history")),
        ("timeline, further back", turn => GetAsync(Owner(turn), $"/api/projects/{Old(turn)}/history?before=100")),
        ("a revision with its files", turn => GetAsync(Owner(turn), $"/api/projects/{Old(turn)}/history/250")),
        ("a file of a revision", turn => GetAsync(Owner(turn), $"/api/projects/{Old(turn)}/history/250/files/main.py")),
        ("games in the trash", turn => GetAsync(Person(turn), "/api/trash")),
        ("files in the trash", turn => GetAsync(Person(turn), $"/api/projects/{Game(turn)}/trash")),
        ("files of a game", turn => GetAsync(Person(turn), $"/api/projects/{Game(turn)}/saved")),
        ("my last runs", turn => GetAsync(Person(turn), "/api/sessions")),
        ("my games that run", turn => GetAsync(Person(turn), "/api/sessions?running=true")),
        ("press Run", turn => SendAsync(Person(turn), HttpMethod.Post, "/api/sessions",
            JsonContent.Create(new { projectId = Game(turn) }))),
        ("sign in", SignInAsync),
        ("admin: people", _ => GetAsync(0, "/api/admin/people")),
        ("admin: people by letters", turn => GetAsync(0, $"/api/admin/people?search={(char)('a' + (turn % 26))}")),
        ("admin: people of a role", _ => GetAsync(0, "/api/admin/people?role=admin")),
        ("admin: running games", _ => GetAsync(0, "/api/admin/sessions")),
        ("admin: figures, storage", _ => GetAsync(0, "/api/admin/overview")),
        ("admin: invitations", _ => GetAsync(0, "/api/admin/invitations")),
        ("admin: log", _ => GetAsync(0, "/api/admin/audit")),
    ];

    /// <summary>What somebody does while work goes on: reads a list, opens a game, saves.</summary>
    public async Task BesideAsync(int turn)
    {
        await Kinds[1 + (turn % 4)].Send(turn);
    }

    /// <summary>Deletes the account of a person.</summary>
    public Task DeleteAsync(int person) =>
        SendAsync(person, HttpMethod.Post, "/api/account/delete", JsonContent.Create(new { password = InstallationData.Password }));

    public void Dispose() => _http.Dispose();

    // The first twenty are deleted by this benchmark or are admins.
    private int Person(int turn) => turn % 2 == 0
        ? (_data.Busy / 3) + (turn * 7 % (_data.Busy * 2 / 3))
        : _data.Busy + 1 + (turn * 131 % (_data.People - _data.Busy - 1));

    private Guid Game(int turn) => InstallationData.GameOf(_data.SomeGameOf(Person(turn), turn / 2));

    // Games 0, 200, 400 … have 500 revisions and belong to people 0, 2, 4 …
    private int Owner(int turn) => 2 * (1 + (turn % ((_data.Busy / 2) - 1)));

    private Guid Old(int turn) => InstallationData.GameOf(Owner(turn) * 100);

    private Task GetAsync(int person, string path) => SendAsync(person, HttpMethod.Get, path, null);

    private async Task SignInAsync(int turn)
    {
        using HttpResponseMessage answer = await _http.PostAsJsonAsync(
            "/api/account/sign-in", new { name = InstallationData.NameOf(Person(turn)), password = InstallationData.Password });
        await CheckAsync(answer);
    }

    private async Task SendAsync(int person, HttpMethod method, string path, HttpContent? body)
    {
        using HttpRequestMessage request = new(method, path) { Content = body };
        request.Headers.Add("Cookie", InstallationData.CookieOf(person));
        using HttpResponseMessage answer = await _http.SendAsync(request);
        await CheckAsync(answer);
    }

    private static async Task CheckAsync(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync();
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(string.Create(
                CultureInfo.InvariantCulture, $"{answer.RequestMessage!.RequestUri} answered {(int)answer.StatusCode}: {text}"));
        }
    }
}
