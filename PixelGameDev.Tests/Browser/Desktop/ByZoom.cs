using Xunit.Abstractions;
using Xunit.Sdk;

namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Runs the tests of one zoom of the page after each other, because each change of the zoom takes seconds.</summary>
public sealed class ByZoom : ITestCaseOrderer
{
    public IEnumerable<TTestCase> OrderTestCases<TTestCase>(IEnumerable<TTestCase> testCases)
        where TTestCase : ITestCase => testCases.OrderBy(static test => ZoomOf(test.TestMethodArguments));

    private static int ZoomOf(object[]? arguments) => arguments switch
    {
        [int zoom] => zoom,
        [string name] => ZoomScenarios.All.FirstOrDefault(scenario => scenario.Name == name)?.Zoom ?? 100,
        _ => 100,
    };
}
