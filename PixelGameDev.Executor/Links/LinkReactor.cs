using System.Collections.Concurrent;
using System.Net.Sockets;

namespace PixelGameDev.Executor.Links;

/// <summary>Reads all links that are sockets, on one thread, <c>links</c>, which sleeps in the kernel meanwhile.</summary>
/// <remarks>
/// Step 1: the thread waits until something arrives, and looks which links it belongs to. Step 2: each of these links has a turn
/// (<see cref="LinkSocketStream.TakeTurn"/>): it reads, and all that follows from a message happens on this thread, up to the viewers'
/// connections. A turn ends when nothing is there, or after <see cref="TurnBytes"/>; then the others have theirs. Step 3: while several
/// games play, the thread pauses.
/// <para>
/// Nothing on this thread may block: all games would stand still. What must wait awaits, and its rest continues on the thread pool. The
/// next read brings it back.
/// </para>
/// </remarks>
internal sealed class LinkReactor : IDisposable
{
    /// <summary>The bytes after which a link lets the others read. A link that always has more would keep the thread otherwise.</summary>
    public const int TurnBytes = 256 * 1024;

    /// <summary>
    /// The number of links from which on the thread pauses after each look, if they all sent something within <see cref="LoadPeriod"/>.
    /// </summary>
    /// <remarks>
    /// With many games the thread would wake for each frame, and so would the Api. A pause delays a frame by half of its length on average,
    /// and collects the frames of several games for one wake. With fewer games there is little to collect, and no frame waits.
    /// </remarks>
    private const int BusyLinks = 4;

    /// <summary>The pause, ms: short beside the 16.7 ms of a frame.</summary>
    private const int PauseTime = 3;

    /// <summary>The time in which links are counted, ms. A game that plays sends several frames in it.</summary>
    private const int LoadPeriod = 64;

    private static readonly Lock Starting = new();
    private static LinkReactor? _shared;

    private readonly Epoll _epoll = new();
    private readonly ConcurrentDictionary<long, LinkSocketStream> _links = new();

    /// <summary>The links that another thread wants to have a turn. A link is in it once for a read and once for its disposal.</summary>
    private readonly ConcurrentQueue<LinkSocketStream> _posted = new();

    /// <summary>The links whose turn comes, each once. Only the thread uses it and what follows.</summary>
    private readonly Queue<LinkSocketStream> _ready = new();

    private readonly int _thread;
    private long _period;
    private int _senders;
    private bool _isBusy;

    private long _lastId = Epoll.WakeId;
    private int _isWoken;
    private volatile bool _isStopping;

    /// <summary>Starts the thread.</summary>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public LinkReactor()
    {
        Thread thread = new(Run) { IsBackground = true, Name = "links" };
        _thread = thread.ManagedThreadId;
        // The thread does not belong to the caller's request or trace.
        thread.UnsafeStart();
    }

    /// <summary>Gets the reactor of this process, which starts with its first link and never ends.</summary>
    /// <exception cref="IOException">It does not run yet, and the system has no descriptor left.</exception>
    public static LinkReactor Shared
    {
        get
        {
            lock (Starting)
            {
                return _shared ??= new LinkReactor();
            }
        }
    }

    /// <summary>Gets whether the caller runs on the reactor's thread.</summary>
    public bool IsCurrent => Environment.CurrentManagedThreadId == _thread;

    /// <summary>Gives a link a turn from now on whenever something arrives.</summary>
    /// <returns>The number of the link here, never 0 and never used again.</returns>
    /// <exception cref="IOException">The system has no memory or too many sockets.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public long Add(LinkSocketStream link, SafeSocketHandle socket)
    {
        long id = Interlocked.Increment(ref _lastId);
        _links[id] = link;
        try
        {
            _epoll.Register(socket, id);
            return id;
        }
        catch
        {
            _links.TryRemove(id, out _);
            throw;
        }
    }

    /// <summary>Forgets a link; call it before its socket is closed.</summary>
    public void Remove(long id, SafeSocketHandle socket)
    {
        _links.TryRemove(id, out _);
        _epoll.Forget(socket);
    }

    /// <summary>Gives a link a turn soon, whether or not something has arrived. All threads may call it.</summary>
    public void Post(LinkSocketStream link)
    {
        _posted.Enqueue(link);
        if (Interlocked.Exchange(ref _isWoken, 1) == 0)
        {
            _epoll.Wake();
        }
    }

    /// <summary>Gives a link another turn after the others. Only the reactor's thread may call it.</summary>
    public void Enqueue(LinkSocketStream link)
    {
        if (!link.IsQueued)
        {
            link.IsQueued = true;
            _ready.Enqueue(link);
        }
    }

    /// <summary>Ends the thread soon, and with it the links that are left.</summary>
    public void Dispose()
    {
        _isStopping = true;
        _epoll.Wake();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            Look();
            // Links that want another turn come after those whose events have arrived meanwhile.
            for (int turns = _ready.Count; turns > 0; turns--)
            {
                LinkSocketStream link = _ready.Dequeue();
                link.IsQueued = false;
                TakeTurn(link);
            }

            if (_isBusy && _ready.Count == 0)
            {
                Thread.Sleep(PauseTime);
            }
        }

        foreach (LinkSocketStream link in _links.Values)
        {
            link.Dispose();
        }

        while (_posted.TryDequeue(out LinkSocketStream? link))
        {
            TakeTurn(link);
        }

        _epoll.Dispose();
    }

    /// <summary>Waits until a link wants a turn, and finds all that do.</summary>
    private void Look()
    {
        int count = _epoll.Wait(forever: _ready.Count == 0);
        MeasureLoad();
        for (int index = 0; index < count; index++)
        {
            long id = _epoll.ReadEvent(index, out bool isOver);
            if (id == Epoll.WakeId)
            {
                _epoll.ClearWake();
                // Before the queue is read: a link that comes later wakes the thread again.
                Interlocked.Exchange(ref _isWoken, 0);
            }
            else if (_links.TryGetValue(id, out LinkSocketStream? link))
            {
                if (link.LastPeriod != _period)
                {
                    link.LastPeriod = _period;
                    _senders++;
                }

                link.MarkReadable(isOver);
                Enqueue(link);
            }
        }

        while (_posted.TryDequeue(out LinkSocketStream? link))
        {
            Enqueue(link);
        }
    }

    /// <summary>Decides for each period whether the thread pauses, by the period before it.</summary>
    private void MeasureLoad()
    {
        long period = Environment.TickCount64 / LoadPeriod;
        if (period != _period)
        {
            _isBusy = _senders >= BusyLinks;
            _period = period;
            _senders = 0;
        }
    }

    private static void TakeTurn(LinkSocketStream link)
    {
        try
        {
            link.TakeTurn();
        }
        catch (Exception)
        {
            // The link's task has the exceptions of its own code. Any other exception ends this link and no other.
            link.Dispose();
        }
    }
}
