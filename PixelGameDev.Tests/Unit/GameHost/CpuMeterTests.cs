using Microsoft.Extensions.Time.Testing;
using PixelGameDev.GameHost.Game;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>Tests the reported use of a sandbox, read from files in the kernel's format.</summary>
public sealed class CpuMeterTests : IDisposable
{
    private readonly TestDirectory _directory = new();
    private readonly FakeTimeProvider _clock = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Cgroup_2_is_read()
    {
        Write("group/cpu.stat", "usage_usec 1000000\nuser_usec 1\nnr_periods 100\nnr_throttled 10\nthrottled_usec 5\n");
        CpuMeter meter = Meter();
        Write("group/cpu.stat", "usage_usec 3000000\nuser_usec 1\nnr_periods 120\nnr_throttled 15\nthrottled_usec 5\n");
        Assert.Equal(new SandboxUse(Seconds: 4, Processors: 0.5, Throttled: 0.25, Switches: 0), meter.Read());
    }

    [Fact]
    public void Cgroup_1_is_read()
    {
        Write("group/cpuacct/cpuacct.usage", "1000000000\n");
        Write("group/cpu/cpu.stat", "nr_periods 100\nnr_throttled 10\nthrottled_time 5\n");
        CpuMeter meter = Meter();
        Write("group/cpuacct/cpuacct.usage", "3000000000\n");
        Write("group/cpu/cpu.stat", "nr_periods 110\nnr_throttled 20\nthrottled_time 5\n");
        Assert.Equal(new SandboxUse(Seconds: 4, Processors: 0.5, Throttled: 1, Switches: 0), meter.Read());
    }

    [Fact]
    public void Switches_of_all_threads_count_whenever_they_came()
    {
        Write("group/cpu.stat", "usage_usec 0\n");
        Write("proc/1/task/1/schedstat", "5 5 1000\n");
        Write("proc/1/task/7/schedstat", "5 5 200\n");
        Write("proc/meminfo", "not a process");
        CpuMeter meter = Meter();
        Write("proc/1/task/1/schedstat", "5 5 1500\n");
        Write("proc/9/task/9/schedstat", "5 5 300\n");
        Directory.Delete(_directory.Sub("proc/1/task/7"), recursive: true);
        Assert.Equal(new SandboxUse(Seconds: 4, Processors: 0, Throttled: 0, Switches: 200), meter.Read());
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new SandboxUse(Seconds: 1, Processors: 0, Throttled: 0, Switches: 0), meter.Read());
    }

    [Fact]
    public void A_number_that_another_thread_has_got_begins_anew()
    {
        Write("group/cpu.stat", "usage_usec 0\n");
        Write("proc/1/task/7/schedstat", "5 5 200\n");
        CpuMeter meter = Meter();
        // The kernel answers for the file of a thread that has ended with an error; an empty file is as close as a real one comes.
        Write("proc/1/task/7/schedstat", "");
        File.Move(_directory.Sub("proc/1/task/7/schedstat"), _directory.Sub("proc/old"));
        Write("proc/1/task/7/schedstat", "5 5 100\n");
        Assert.Equal(new SandboxUse(Seconds: 4, Processors: 0, Throttled: 0, Switches: 25), meter.Read());
    }

    [Fact]
    public void Files_of_threads_that_have_ended_are_closed()
    {
        Write("proc/1/task/1/schedstat", "5 5 1\n");
        Write("proc/1/task/7/schedstat", "5 5 1\n");
        ThreadSwitches switches = new(_directory.Sub("proc"));
        Assert.Equal(2, switches.Count());
        Assert.Equal(2, switches.OpenFiles);
        Directory.Delete(_directory.Sub("proc/1/task/7"), recursive: true);
        Assert.Equal(0, switches.Count());
        Assert.Equal(1, switches.OpenFiles);
    }

    [Fact]
    public void The_threads_of_a_real_process_are_counted()
    {
        const int threads = 5, sleeps = 20;
        Directory.CreateDirectory(_directory.Sub("proc"));
        Directory.CreateSymbolicLink(_directory.Sub("proc/1"), "/proc/self");
        ThreadSwitches switches = new(_directory.Sub("proc"));
        switches.Count();
        using CountdownEvent slept = new(threads);
        using ManualResetEventSlim end = new();
        Thread[] sleepers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < sleeps; i++)
            {
                Thread.Sleep(1);
            }

            slept.Signal();
            end.Wait();
        }))];
        Array.ForEach(sleepers, static thread => thread.Start());
        slept.Wait();
        Assert.True(switches.Count() >= threads * sleeps);
        end.Set();
        Array.ForEach(sleepers, static thread => thread.Join());
        Assert.True(switches.Count() >= 0);
    }

    [Fact]
    public void A_report_on_the_heels_of_a_late_one_is_left_out_and_the_next_one_tells_of_both()
    {
        Write("group/cpu.stat", "usage_usec 1000000\n");
        Write("proc/1/task/1/schedstat", "5 5 1000\n");
        CpuMeter meter = Meter();
        Assert.NotNull(meter.Read());
        _clock.Advance(TimeSpan.FromMilliseconds(0.4));
        Write("group/cpu.stat", "usage_usec 1000300\n");
        Write("proc/1/task/1/schedstat", "5 5 1020\n");
        Assert.Null(meter.Read());
        _clock.Advance(TimeSpan.FromMilliseconds(249.6));
        Write("group/cpu.stat", "usage_usec 1050000\n");
        Write("proc/1/task/1/schedstat", "5 5 1050\n");
        Assert.Equal(new SandboxUse(Seconds: 0.25, Processors: 0.2, Throttled: 0, Switches: 200), meter.Read());
    }

    [Fact]
    public void A_game_that_keeps_files_from_being_opened_does_not_blind_the_meter()
    {
        Write("group/cpu.stat", "usage_usec 1000000\n");
        CpuMeter meter = Meter();
        Write("group/cpu.stat", "usage_usec 3000000\n");
        Directory.Delete(_directory.Sub("group"), recursive: true);
        Assert.True(meter.SeesGroup);
        Assert.Equal(new SandboxUse(Seconds: 4, Processors: 0.5, Throttled: 0, Switches: 0), meter.Read());
    }

    [Fact]
    public void Where_nothing_can_be_seen_nothing_is_said() => Assert.Null(Meter().Read());

    /// <summary>Returns a meter that began to count four seconds ago.</summary>
    private CpuMeter Meter()
    {
        CpuMeter meter = new(_directory.Sub("group"), _directory.Sub("proc"), _clock);
        _clock.Advance(TimeSpan.FromSeconds(4));
        return meter;
    }

    private void Write(string path, string text)
    {
        string file = _directory.Sub(path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
