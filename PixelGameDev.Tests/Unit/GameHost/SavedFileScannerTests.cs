using System.Text;
using Microsoft.Extensions.Time.Testing;
using PixelGameDev.GameHost.SavedFiles;
using PixelGameDev.Streaming.Protocol;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Unit.GameHost;

/// <summary>Tests when a file of a running game is taken: never while it is being written, and not too late.</summary>
public sealed class SavedFileScannerTests : IDisposable
{
    private readonly TestDirectory _work = new();
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UtcNow.AddHours(1));
    private readonly SavedFileScanner _scanner;

    public SavedFileScannerTests()
    {
        _scanner = new SavedFileScanner(_work.Path, _clock);
        _scanner.Begin(SavedFileRules.MaxBytes, []);
    }

    public void Dispose() => _work.Dispose();

    [Fact]
    public void A_file_that_grows_between_two_scans_is_not_taken()
    {
        Write("half");
        Assert.Empty(Scan());
        Assert.True(_scanner.HasWaiting);
        Write("half and half");
        Assert.Empty(Scan());
        Assert.Equal(["half and half"], Scan());
        Assert.False(_scanner.HasWaiting);
        Assert.Empty(Scan());
    }

    [Fact]
    public void A_file_that_changes_all_the_time_is_taken_nevertheless()
    {
        List<string> taken = [];
        for (int turn = 0; turn < 10; turn++)
        {
            Write(new string('x', turn + 1));
            taken.AddRange(Scan());
        }

        Assert.Equal(["xxxxx", "xxxxxxxxxx"], taken);
    }

    [Fact]
    public void The_last_scan_takes_everything()
    {
        Write("just now");
        Assert.Equal(["just now"], Scan(isLast: true));
    }

    [Fact]
    public void A_file_that_is_deleted_before_the_second_scan_is_forgotten()
    {
        Write("x");
        Assert.Empty(Scan());
        File.Delete(FilePath);
        Assert.Empty(Scan());
        Assert.False(_scanner.HasWaiting);
    }

    private string FilePath => Path.Combine(_work.Path, "save.txt");

    private void Write(string text) => File.WriteAllText(FilePath, text);

    private string[] Scan(bool isLast = false) =>
        [.. _scanner.Scan(isLast).Select(static message => Encoding.UTF8.GetString(SavedFileMessage.Read(message).Content!))];
}
