using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Api.Sessions.Execution;

namespace PixelGameDev.Tests.Unit.ServiceDefaults;

public sealed class ExecutorSilenceTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void Silence_lasts_from_the_first_to_the_last_question_that_was_not_answered()
    {
        ExecutorSilence silence = new(_clock);
        for (int question = 0; question < 13; question++)
        {
            silence.Failed("executor");
            _clock.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(TimeSpan.FromSeconds(60), silence.Of("executor"));
        Assert.Equal(TimeSpan.Zero, silence.Of("executor-2"));
        silence.Answered("executor");
        Assert.Equal(TimeSpan.Zero, silence.Of("executor"));
    }

    [Fact]
    public void An_old_failure_is_no_silence_since_then()
    {
        ExecutorSilence silence = new(_clock);
        silence.Failed("executor");
        _clock.Advance(TimeSpan.FromHours(1));
        silence.Failed("executor");
        Assert.Equal(TimeSpan.Zero, silence.Of("executor"));
    }
}
