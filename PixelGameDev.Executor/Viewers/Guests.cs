using System.Globalization;
using System.Security.Cryptography;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Executor.Viewers;

/// <summary>Holds the watchers who have said their name, and which of them play a seat. The relay's lock guards it.</summary>
/// <remarks>
/// A person whose connection is lost keeps the seat for <see cref="SeatTimeout"/>, so that a page that connects again goes on. What the
/// person holds is released at once, or when the page has been silent for as long as any other viewer may be.
/// </remarks>
internal sealed class Guests(TimeProvider time)
{
    /// <summary>The time after which the seat of a person who is silent or gone is free.</summary>
    internal static readonly TimeSpan SeatTimeout = TimeSpan.FromSeconds(15);

    /// <summary>The longest name, characters.</summary>
    internal const int MaxName = 24;

    /// <summary>The maximum number of people in one message to the owner.</summary>
    private const int MaxListed = 40;

    private readonly List<Guest> _all = [];
    private uint _last;

    /// <summary>Gets whether anybody has said a name.</summary>
    public bool IsEmpty => _all.Count == 0;

    /// <summary>Takes what a watcher says about itself. Returns an earlier connection of the same person that this one replaces.</summary>
    public Viewer? Join(Viewer viewer, in JoinMessage told)
    {
        Guid key = told.Key;
        Guest? guest = viewer.Guest ?? _all.Find(other => other.Key == key);
        if (guest is null)
        {
            guest = new Guest(key, ++_last);
            _all.Add(guest);
        }

        Viewer? before = guest.Viewer == viewer ? null : guest.Viewer;
        before?.LeaveSeat();
        guest.Viewer = viewer;
        viewer.Guest = guest;
        guest.Name = Clean(told.Name);
        guest.WantsToPlay = told.WantsToPlay;
        if (!told.WantsToPlay)
        {
            TakeSeat(guest);
        }

        return before;
    }

    /// <summary>Notes that a watcher has disconnected. Its seat waits for it.</summary>
    public void Leave(Viewer viewer)
    {
        if (viewer.Guest is not { } guest)
        {
            return;
        }

        viewer.LeaveSeat();
        guest.Viewer = null;
        guest.LeftAt = time.GetTimestamp();
        if (guest.Seat == 0)
        {
            _all.Remove(guest);
        }
    }

    /// <summary>Gives a seat to a person who wants to play, or takes it back. Whoever had the seat before loses it.</summary>
    public void Give(in GiveSeatMessage told)
    {
        (byte seat, uint person) = told;
        Guest? guest = _all.Find(other => other.Number == person);
        if (person != 0 && guest is not { WantsToPlay: true })
        {
            return;
        }

        foreach (Guest other in _all.Where(other => other.Seat == seat && other != guest).ToList())
        {
            other.WantsToPlay = false;
            TakeSeat(other);
        }

        if (guest is not null)
        {
            guest.Viewer?.Release();
            guest.Seat = seat;
        }
    }

    /// <summary>Frees the seats of people who are gone or silent. Returns whether there was one.</summary>
    public bool FreeSeats()
    {
        List<Guest> gone = _all.FindAll(guest => guest.Seat != 0
            && (guest.Viewer is { } viewer ? viewer.SilentFor : time.GetElapsedTime(guest.LeftAt)) >= SeatTimeout);
        foreach (Guest guest in gone)
        {
            guest.WantsToPlay = false;
            TakeSeat(guest);
        }

        return gone.Count > 0;
    }

    /// <summary>Returns the connection of the person on a seat; null: nobody is there.</summary>
    public Viewer? ViewerOf(int seat) => _all.Find(guest => guest.Seat == seat)?.Viewer;

    /// <summary>Returns what a viewer learns: everybody who plays what, and the owner also who is there.</summary>
    public SeatsMessage Describe(Viewer viewer)
    {
        IEnumerable<Guest> seated = _all.Where(static guest => guest.Seat != 0).OrderBy(static guest => guest.Seat);
        return new SeatsMessage(
            [.. seated.Select(static guest => guest.Describe())],
            viewer.IsWatcher
                ? null
                : [.. seated.Concat(_all.Where(static guest => guest.Seat == 0).OrderByDescending(static guest => guest.WantsToPlay))
                    .Take(MaxListed).Select(static guest => guest.Describe() with { Id = guest.Id })],
            viewer.Guest?.Describe());
    }

    private void TakeSeat(Guest guest)
    {
        guest.Viewer?.Release();
        guest.Seat = 0;
        if (guest.Viewer is null)
        {
            _all.Remove(guest);
        }
    }

    /// <summary>Returns a name without what could disturb the text around it.</summary>
    private static string Clean(string name)
    {
        string text = new([.. name.Where(static letter => !char.IsControl(letter)
            && char.GetUnicodeCategory(letter) is not (UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator))]);
        text = text.Trim();
        int length = Math.Min(text.Length, MaxName);
        return text[..(length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }
}

/// <summary>A watcher who has said a name.</summary>
internal sealed class Guest(Guid key, uint number)
{
    public Guid Key => key;

    public uint Number => number;

    /// <summary>Gets what the owner of the session learns of the key.</summary>
    public string Id { get; } = Convert.ToHexStringLower(SHA256.HashData(key.ToByteArray()).AsSpan(0, 8));

    public string Name { get; set; } = "";

    public bool WantsToPlay { get; set; }

    /// <summary>Gets or sets the seat, 2 … 4; 0: none.</summary>
    public int Seat { get; set; }

    /// <summary>Gets or sets the person's connection; null while it is lost.</summary>
    public Viewer? Viewer { get; set; }

    /// <summary>Gets or sets when the connection was lost.</summary>
    public long LeftAt { get; set; }

    public SeatPerson Describe() => new(number, Name, Seat, WantsToPlay);
}
