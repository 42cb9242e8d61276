using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Faults;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Publishing;

/// <content>The stack in the course of time: parts that die, down and up, upgrades, backup and restore.</content>
public sealed partial class ComposeStackTests
{
    [Theory]
    [InlineData("postgres")]
    [InlineData("api")]
    [InlineData("executor")]
    public async Task A_service_that_dies_comes_back_and_the_projects_are_still_there(string service)
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out System.Net.CookieContainer cookies);
        Guid project = await FirstProjectAsync(person);
        int restarts = int.Parse(await stack.InspectAsync(service, "{{.RestartCount}}"), CultureInfo.InvariantCulture);
        // Kills the process, because Docker treats "docker kill" as a wish of the operator.
        int killed = await stack.ProcessAsync(service);
        using (Process process = Process.GetProcessById(killed))
        {
            process.Kill();
        }

        await Eventually.TrueAsync(
            async () => int.Parse(await stack.InspectAsync(service, "{{.RestartCount}}"), CultureInfo.InvariantCulture) > restarts,
            $"{service} was restarted");
        // The daemon raises its count before it starts the container. Until then it reports the health of the previous run.
        await Eventually.TrueAsync(async () => await stack.ProcessAsync(service) is var next && next != 0
            && next != killed, $"{service} runs again");
        await stack.HealthyAsync();
        Assert.Equal(project, await FirstProjectAsync(person));
        await PlayAsync(person, cookies, project, wanted: 5);
    }

    [Fact]
    public async Task After_down_and_up_people_and_their_projects_are_still_there()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out _);
        Guid project = await FirstProjectAsync(person);
        JsonNode before = (await person.GetFromJsonAsync<JsonNode>("/api/me"))!;
        (int code, string output) = await stack.DownAsync();
        Assert.True(code == 0, output);
        Assert.Equal("", await stack.ContainerAsync("api"));
        (code, output) = await stack.UpAsync();
        Assert.True(code == 0, output);
        await stack.HealthyAsync();
        Assert.Equal(before["id"]!.GetValue<Guid>(), (await person.GetFromJsonAsync<JsonNode>("/api/me"))!["id"]!.GetValue<Guid>());
        Assert.Equal(project, await FirstProjectAsync(person));
    }

    [Fact]
    public async Task Through_an_upgrade_of_the_Api_games_go_on_and_what_is_typed_meanwhile_is_saved()
    {
        await stack.HealthyAsync();
        using Person person = await Faults.Person.ArriveAsync(stack.Address);
        Guid session = await person.RunAsync();
        await using PlayingViewer viewer = new(person, session);
        await Eventually.TrueAsync(() => viewer.Frames > 10, "the game plays");
        string old = await stack.ContainerAsync("api");
        (string, string) others = (await stack.ContainerAsync("executor"), await stack.ContainerAsync("postgres"));

        Task saved = SaveWhileAwayAsync(person, "typed while the server was away");
        string image = await stack.UpgradeAsync("api");

        Assert.Equal(image, await stack.InspectAsync("api", "{{.Image}}"));
        Assert.NotEqual(old, await stack.ContainerAsync("api"));
        Assert.Equal(others, (await stack.ContainerAsync("executor"), await stack.ContainerAsync("postgres")));
        await saved;
        await Eventually.TrueAsync(() => viewer.Connections > 1 || viewer.Ended.IsCompleted, "the viewer has connected again");
        int frames = viewer.Frames;
        await Eventually.TrueAsync(() => viewer.Frames > frames + 10 || viewer.Ended.IsCompleted, "the same game plays on");
        Assert.False(viewer.Ended.IsCompleted, viewer.Ended.IsCompleted ? (await viewer.Ended).ToString() : null);
        Assert.Null(await person.EndOfAsync(session, CancellationToken.None));
        Assert.Equal("typed while the server was away",
            await person.Http.GetStringAsync($"/api/projects/{person.Project}/files/notes.txt"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"The picture stood still for {viewer.LongestPause.TotalSeconds:F1} s."));

        // The page also repeats a save that failed.
        static async Task SaveWhileAwayAsync(Person person, string text)
        {
            await Eventually.TrueAsync(async () => !await person.TrySaveAsync("notes.txt", "typed before"), "a save is refused");
            await Eventually.TrueAsync(() => person.TrySaveAsync("notes.txt", text), "it is saved");
        }
    }

    [Fact]
    public async Task An_upgrade_of_the_Executor_ends_games_by_name_and_leaves_nothing_of_the_old_one()
    {
        await stack.HealthyAsync();
        using Person person = await Faults.Person.ArriveAsync(stack.Address);
        Guid account = (await person.Http.GetFromJsonAsync<JsonNode>("/api/me"))!["id"]!.GetValue<Guid>();
        Assert.True(await person.TrySaveAsync("notes.txt", "saved before"));
        Guid session = await person.RunAsync();
        await using PlayingViewer viewer = new(person, session);
        await Eventually.TrueAsync(() => viewer.Frames > 10, "the game plays");
        IReadOnlyList<string> sandboxes = await stack.SandboxesAsync();
        Assert.NotEmpty(sandboxes);

        long begun = Stopwatch.GetTimestamp();
        string image = await stack.UpgradeAsync("executor");

        Assert.Equal(image, await stack.InspectAsync("executor", "{{.Image}}"));
        SessionEnded end = await viewer.Ended.WaitAsync(Eventually.Limit);
        Assert.Equal((EndReasons.ShuttingDown, "The server is being restarted. Press Run again in a minute."), (end.Reason, end.Message));
        SessionEnded? record = null;
        await Eventually.TrueAsync(async () =>
            (record = await person.EndOfAsync(session, CancellationToken.None)) is not null, "the end is on record");
        Assert.Equal((end.Reason, end.Message), (record!.Reason, record.Message));

        await using PlayingViewer again = new(person, await person.RunAsync());
        await Eventually.TrueAsync(() => again.Frames > 10, "a new game plays");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"From \"up\" to the new game: {Stopwatch.GetElapsedTime(begun).TotalSeconds:F1} s."));
        Assert.Equal(account, (await person.Http.GetFromJsonAsync<JsonNode>("/api/me"))!["id"]!.GetValue<Guid>());
        Assert.Equal("saved before", await person.Http.GetStringAsync($"/api/projects/{person.Project}/files/notes.txt"));
        Assert.Empty((await stack.SandboxesAsync()).Intersect(sandboxes));
    }

    [Fact]
    public async Task The_guide_s_backup_brings_back_what_was_there_and_only_that()
    {
        await stack.HealthyAsync();
        using HttpClient person = Person(out _);
        Guid project = await FirstProjectAsync(person);
        await ShellAsync("backup");
        using (HttpResponseMessage later = await person.PostAsJsonAsync("/api/projects", new { name = "Made after the backup" }))
        {
            Assert.True(later.IsSuccessStatusCode, await later.Content.ReadAsStringAsync());
        }

        Assert.Equal(2, (await person.GetFromJsonAsync<JsonArray>("/api/projects"))!.Count);
        await ShellAsync("restore");
        await stack.HealthyAsync();
        Assert.Equal([project], (await person.GetFromJsonAsync<JsonArray>("/api/projects"))!.Select(left => left!["id"]!.GetValue<Guid>()));

        async Task ShellAsync(string block)
        {
            string guide = await File.ReadAllTextAsync(Path.Combine(AppHost.Repository.Find().Root, "docs/deploy.md"));
            string commands = Regex.Match(guide, $@"<!-- run: {block} -->\n```sh\n(.+?)```", RegexOptions.Singleline).Groups[1].Value;
            Assert.NotEmpty(commands);
            (int code, string output) = await stack.ShellAsync(commands);
            Assert.True(code == 0, output);
        }
    }
}
