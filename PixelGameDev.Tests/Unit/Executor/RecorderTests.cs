using Microsoft.Extensions.Time.Testing;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Viewers;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.Executor;

/// <summary>Tests which frames a recording has, and that all recordings together stay within their memory.</summary>
public sealed class RecorderTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingBudget _budget = new(4_000_000);

    [Fact]
    public void It_begins_with_a_keyframe_and_ends_after_its_time()
    {
        Recorder recorder = new(2, _time, _budget);
        Add(recorder, 1, keyframe: false);
        Assert.Null(recorder.Read());
        for (uint number = 2; number <= 7; number++)
        {
            Add(recorder, number, keyframe: number == 2);
            _time.Advance(TimeSpan.FromSeconds(0.5));
        }

        byte[] file = recorder.Read()!;
        Assert.Equal(new RecordingInfo(320, 240, 2000, 5), RecordingFile.Read(file));
        Assert.Equal([2u, 3, 4, 5, 6], NumbersOf(file));
        Assert.Equal([0, 500, 1000, 1500, 2000], RecordingFile.ReadMessages(file).Select(static one => one.Millis));
        recorder.End();
        Assert.Equal(file, recorder.Read());
        recorder.Drop();
        Assert.Equal((null, 0), (recorder.Read(), _budget.Used));
    }

    [Fact]
    public void It_has_at_most_2_MB_and_what_was_recorded_before_stays()
    {
        Recorder recorder = new(30, _time, _budget);
        for (uint number = 1; number <= 5; number++)
        {
            Add(recorder, number, keyframe: number == 1, data: 700_000);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        byte[] file = recorder.Read()!;
        Assert.Equal(new RecordingInfo(320, 240, 2000, 2), RecordingFile.Read(file));
        Assert.InRange(_budget.Used, file.Length, file.Length + Recorder.PieceSize);
    }

    [Fact]
    public void A_restart_drops_what_there_is_and_waits_for_a_keyframe()
    {
        Recorder recorder = new(1, _time, _budget);
        Add(recorder, 1, keyframe: true);
        _time.Advance(TimeSpan.FromSeconds(5));
        Add(recorder, 2, keyframe: false);
        Assert.False(recorder.IsAwaited);
        recorder.Restart();
        Assert.True(recorder.IsAwaited);
        Add(recorder, 3, keyframe: false);
        Assert.Null(recorder.Read());
        Add(recorder, 4, keyframe: true);
        Add(recorder, 5, keyframe: false);
        Assert.False(recorder.IsAwaited);
        Assert.Equal([4u, 5], NumbersOf(recorder.Read()!));
    }

    [Fact]
    public void Without_seconds_nothing_is_recorded()
    {
        Recorder recorder = new(0, _time, _budget);
        Add(recorder, 1, keyframe: true);
        Assert.Equal((false, null, 0), (recorder.IsOn, recorder.Read(), _budget.Used));
    }

    [Fact]
    public void The_oldest_recording_of_a_session_that_has_ended_makes_room_and_one_that_runs_never()
    {
        Recorder[] recorders = [.. Enumerable.Range(0, 4).Select(_ => new Recorder(10, _time, _budget))];
        foreach (Recorder recorder in recorders[..3])
        {
            Add(recorder, 1, keyframe: true, data: 1_200_000);
        }

        recorders[1].End();
        recorders[2].End();
        Add(recorders[3], 1, keyframe: true, data: 1_200_000);
        Assert.Equal([true, false, true, true], recorders.Select(static one => one.Read() is not null));
        // All that is left runs or is needed: the next one has no room, and begins nothing.
        recorders[2].Drop();
        recorders[0].Drop();
        Recorder late = new(10, _time, new RecordingBudget(100_000));
        Add(late, 1, keyframe: true, data: 1_200_000);
        Assert.Null(late.Read());
        Array.ForEach(recorders, static one => one.Drop());
        Assert.Equal(0, _budget.Used);
    }

    private static uint[] NumbersOf(byte[] file) =>
        [.. Recordings.MessagesOf(file).Select(static message => BitConverter.ToUInt32(message, 6))];

    private static void Add(Recorder recorder, uint number, bool keyframe, int data = 100)
    {
        byte[] frame = new byte[22 + data];
        (frame[0], frame[1]) = ((byte)MessageType.Frame, keyframe ? (byte)1 : (byte)0);
        BitConverter.TryWriteBytes(frame.AsSpan(2), (ushort)320);
        BitConverter.TryWriteBytes(frame.AsSpan(4), (ushort)240);
        BitConverter.TryWriteBytes(frame.AsSpan(6), number);
        PooledMessage message = PooledMessage.Create(frame);
        recorder.Record(message);
        message.Release();
    }
}
