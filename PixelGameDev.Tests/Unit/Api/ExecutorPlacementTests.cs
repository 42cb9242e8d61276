using System.Text.Json;
using PixelGameDev.Api.Sessions.Execution;

namespace PixelGameDev.Tests.Unit.Api;

/// <summary>Tests which Executor gets a new session.</summary>
public sealed class ExecutorPlacementTests
{
    private readonly ExecutorPlacement _placement = new(["a", "b", "c"]);
    private readonly Random _random = new(16);

    [Fact]
    public void Each_gets_sessions_by_its_free_places()
    {
        Report(300, 100, 0);
        Dictionary<string, int> chosen = Count(4000);
        Assert.InRange(chosen["a"], 2850, 3150);
        Assert.InRange(chosen["b"], 850, 1150);
        Assert.Equal(2, chosen.Count);
    }

    [Fact]
    public void The_others_follow_the_emptiest_first()
    {
        Report(0, 1, 20);
        for (int i = 0; i < 100; i++)
        {
            IReadOnlyList<string> order = _placement.Order(NewId());
            Assert.Equal(["a", "b", "c"], order.Order());
            Assert.Equal("a", order[2]);
        }
    }

    [Fact]
    public void A_session_counts_before_the_next_news()
    {
        Report(2, 0, 0);
        _placement.Take("a");
        Assert.Single(Count(100));
        _placement.Take("a");
        _placement.Take("a");
        // Nobody has told of a free place, so each may be asked.
        Assert.Equal(3, Count(100).Count);
        _placement.Report("b", 1);
        Assert.Equal(["b"], Count(100).Keys);
    }

    [Fact]
    public void Without_news_all_are_alike()
    {
        Dictionary<string, int> chosen = Count(3000);
        Assert.All(["a", "b", "c"], name => Assert.InRange(chosen[name], 850, 1150));
        _placement.Report("a", null);
        Assert.Equal(3, Count(100).Count);
    }

    [Theory]
    [InlineData("""{"game_sessions":{"active_count":3,"max_allowed":5,"draining":false}}""", 2)]
    [InlineData("""{"game_sessions":{"active_count":3,"max_allowed":5}}""", 2)]
    [InlineData("""{"game_sessions":{"active_count":3,"max_allowed":5,"draining":true}}""", 0)]
    [InlineData("""{"game_sessions":{"active_count":6,"max_allowed":5}}""", 0)]
    [InlineData("""{"game_sessions":{"active_count":"3","max_allowed":5}}""", null)]
    [InlineData("""{"game_sessions":{"active_count":3.5,"max_allowed":5}}""", null)]
    [InlineData("""{"game_sessions":null}""", null)]
    [InlineData("""{"game_sessions":[]}""", null)]
    [InlineData("{}", null)]
    public void Free_places_are_read_from_the_health(string health, int? free)
    {
        using JsonDocument document = JsonDocument.Parse(health);
        Assert.Equal(free, ExecutorPlacement.FreePlaces(document.RootElement));
    }

    private void Report(int a, int b, int c)
    {
        _placement.Report("a", a);
        _placement.Report("b", b);
        _placement.Report("c", c);
    }

    private Dictionary<string, int> Count(int sessions) =>
        Enumerable.Range(0, sessions).CountBy(_ => _placement.Order(NewId())[0]).ToDictionary();

    private Guid NewId()
    {
        byte[] bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
