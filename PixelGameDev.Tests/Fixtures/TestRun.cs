using System.Collections.Concurrent;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("PixelGameDev.Tests.Fixtures.TestRun", "PixelGameDev.Tests")]

namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Runs the tests as xUnit does. After the last test it disposes what the tests shared, because xUnit 2 has no assembly fixture.
/// </summary>
public sealed class TestRun(IMessageSink diagnostics) : XunitTestFramework(diagnostics)
{
    private static readonly ConcurrentStack<Func<Task>> Ends = [];

    /// <summary>Adds something to do after the last test. The newest is done first.</summary>
    internal static void AtEnd(Func<Task> end) => Ends.Push(end);

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assembly, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assembly, source, diagnostics)
    {
        // The base class gives it this form; the runner reports every error as a message.
        protected override async void RunTestCases(
            IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
        {
            using Runner runner = new(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
            await runner.RunAsync();
        }
    }

    private sealed class Runner(
        ITestAssembly assembly, IEnumerable<IXunitTestCase> tests, IMessageSink diagnostics, IMessageSink messages,
        ITestFrameworkExecutionOptions options)
        : XunitTestAssemblyRunner(assembly, tests, diagnostics, messages, options)
    {
        protected override async Task BeforeTestAssemblyFinishedAsync()
        {
            while (Ends.TryPop(out Func<Task>? end))
            {
                await Aggregator.RunAsync(end);
            }

            await base.BeforeTestAssemblyFinishedAsync();
        }
    }
}
