using PixelGameDev.Streaming.Codec;
using Xunit;

namespace PixelGameDev.Tests.Unit.Codec;

/// <summary>Tests when a moving picture is simplified.</summary>
public sealed class FrameBudgetTests
{
    private const int Pixels = 640 * 480;

    private readonly FrameBudget _budget = new();

    [Fact]
    public void A_frame_that_weighs_too_much_makes_the_next_like_it_be_simplified()
    {
        Assert.False(_budget.IsExceeded);
        _budget.Spent(Pixels, 1000, FrameBudget.Bytes + 1, exact: true);
        Assert.True(_budget.IsExceeded);
        Assert.True(_budget.IsExceededBy(Pixels));
        // Half of it stays within the budget.
        Assert.False(_budget.IsExceededBy(Pixels / 2));
    }

    [Fact]
    public void Time_counts_only_for_large_pictures()
    {
        _budget.Spent(Pixels, FrameBudget.Micros * 2, 1000, exact: true);
        Assert.False(_budget.IsExceeded);
        _budget.Spent(FrameBudget.UnhurriedPixels + 1, FrameBudget.Micros * 2, 1000, exact: true);
        Assert.True(_budget.IsExceeded);
    }

    [Fact]
    public void One_heavy_frame_after_which_little_changes_is_forgotten()
    {
        _budget.Spent(Pixels, 1000, FrameBudget.Bytes * 2, exact: true);
        _budget.Spent(100, 10, 300, exact: true);
        Assert.False(_budget.IsExceeded);
    }

    [Fact]
    public void Now_and_then_an_exact_frame_tells_whether_it_still_is_too_much()
    {
        _budget.Spent(Pixels, 1000, FrameBudget.Bytes * 2, exact: true);
        for (int i = 0; i < FrameBudget.MaxSimplified; i++)
        {
            Assert.True(_budget.IsExceeded);
            _budget.Spent(Pixels, 300, 100_000, exact: false);
        }

        Assert.False(_budget.IsExceeded);
        _budget.Spent(Pixels, 1000, 20_000, exact: true);
        Assert.False(_budget.IsExceeded);
        Assert.False(_budget.IsExceededBy(Pixels));
    }
}
