using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>
/// Reads the times of statements, and the plans of slow ones, from the lines that the database server writes. A statement belongs to the
/// request in whose time it ended: the benchmark sends one request at a time.
/// </summary>
internal sealed partial class StatementLog
{
    private readonly Lock _lock = new();
    private readonly List<(double At, double Millis)> _statements = [];
    private readonly Dictionary<string, (double Millis, string Plan)> _plans = new(StringComparer.Ordinal);
    private StringBuilder? _plan;
    private double _planMillis;

    /// <summary>Receives a line of the server.</summary>
    public void Line(string line)
    {
        lock (_lock)
        {
            if (line.StartsWith('\t'))
            {
                _plan?.AppendLine(line[1..]);
                return;
            }

            FinishPlan();
            if (DurationPattern().Match(line) is { Success: true } match)
            {
                double millis = Number(match.Groups["millis"]);
                if (match.Groups["kind"].Value == "plan")
                {
                    (_plan, _planMillis) = (new StringBuilder(), millis);
                }
                else
                {
                    _statements.Add((Number(match.Groups["at"]), millis));
                }
            }
        }
    }

    /// <summary>Forgets the statements so far, but not the plans.</summary>
    public async Task ClearAsync()
    {
        await SettleAsync();
        lock (_lock)
        {
            _statements.Clear();
        }
    }

    /// <summary>Returns for each request how long the database worked for it, ms.</summary>
    public async Task<IReadOnlyList<double>> SumAsync(IReadOnlyList<(double Begin, double End)> requests)
    {
        await SettleAsync();
        lock (_lock)
        {
            // The server's times have whole milliseconds.
            return [.. requests.Select(request => _statements
                .Where(one => one.At >= request.Begin - 0.001 && one.At <= request.End + 0.001).Sum(static one => one.Millis))];
        }
    }

    /// <summary>Returns the times of all statements of at least so many milliseconds.</summary>
    public async Task<IReadOnlyList<double>> AllAsync(double atLeast)
    {
        await SettleAsync();
        lock (_lock)
        {
            return [.. _statements.Select(static one => one.Millis).Where(millis => millis >= atLeast)];
        }
    }

    /// <summary>Returns the slowest plan of each slow statement, slowest first.</summary>
    public string Plans()
    {
        lock (_lock)
        {
            FinishPlan();
            return string.Join('\n', _plans.Values.OrderByDescending(static one => one.Millis).Select(static one =>
                string.Create(CultureInfo.InvariantCulture, $"{one.Millis:0.0} ms\n{one.Plan}")));
        }
    }

    // The server's lines arrive through a pipe, a moment after its answer.
    private static Task SettleAsync() => Task.Delay(400);

    private void FinishPlan()
    {
        if (_plan is null)
        {
            return;
        }

        string plan = _plan.ToString();
        int end = PlanPattern().Match(plan) is { Success: true } match ? match.Index : plan.Length;
        string statement = plan[..end];
        if (!_plans.TryGetValue(statement, out (double Millis, string Plan) known) || known.Millis < _planMillis)
        {
            _plans[statement] = (_planMillis, plan);
        }

        _plan = null;
    }

    private static double Number(Group text) => double.Parse(text.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<at>\d+\.\d+) LOG:  duration: (?<millis>[\d.]+) ms  (?<kind>plan|parse|bind|execute|statement)")]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"^[^\n]*\(cost=", RegexOptions.Multiline)]
    private static partial Regex PlanPattern();
}
