namespace PixelGameDev.Tests.Unit.Habits;

/// <summary>Tests habits that xUnit does not check.</summary>
public sealed class TestClassTests
{
    [Fact]
    public void No_test_class_hopes_for_a_DisposeAsync_that_xUnit_2_does_not_call()
    {
        // xUnit 2 calls IDisposable and IAsyncLifetime only. What the others hold would stay until the end of the run.
        Type[] classes = [.. typeof(TestClassTests).Assembly.GetTypes().Where(static type => !type.IsAbstract
            && type.GetMethods().Any(static method => method.IsDefined(typeof(FactAttribute), inherit: true)))];
        Assert.InRange(classes.Length, 100, int.MaxValue);
        Assert.DoesNotContain(classes, static type => typeof(IAsyncDisposable).IsAssignableFrom(type));
    }
}
