using System.Collections;
using System.Runtime.InteropServices;
using PixelGameDev.GameHost.Native;

namespace PixelGameDev.GameHost.Game;

/// <summary>How the game's process ended: exit code, or the signal that killed it.</summary>
internal readonly record struct ProcessExit(int? Code, int? Signal)
{
    /// <summary>Reads the status of <c>waitpid</c>.</summary>
    public static ProcessExit FromStatus(int status) =>
        (status & 0x7F) == 0 ? new ProcessExit((status >> 8) & 0xFF, null) : new ProcessExit(null, status & 0x7F);
}

/// <summary>Holds GameHost's ends of the descriptors that a game process inherits.</summary>
/// <param name="Input">Write end of its standard input.</param>
/// <param name="Output">Read end of its standard output.</param>
/// <param name="Error">Read end of its standard error.</param>
/// <param name="Control">The control channel, a SEQPACKET socket.</param>
/// <param name="Sound">Read end of the pipe that SDL's disk driver writes to.</param>
internal readonly record struct GameDescriptors(int Input, int Output, int Error, int Control, int Sound);

/// <summary>
/// Holds the Python process. It starts in a session of its own, with 0–2 as pipes, 3 control, 4 picture memory, 5 picture signal, 6 sound.
/// </summary>
/// <remarks>This class reaps every child that GameHost inherits. When the game is over, it kills all remaining processes.</remarks>
internal sealed unsafe class GameProcess
{
    private const int AfUnix = 1;
    private const int SockSeqpacketCloexec = 5 | Libc.OCloexec;
    private const short SpawnSetSigDef = 4;
    private const short SpawnSetSigMask = 8;
    private const short SpawnSetSid = 0x80;
    private const int NoHang = 1;

    private readonly int _processId;
    private readonly Action<ProcessExit> _exited;

    private GameProcess(int processId, GameDescriptors descriptors, Action<ProcessExit> exited)
    {
        _processId = processId;
        _exited = exited;
        Descriptors = descriptors;
    }

    public GameDescriptors Descriptors { get; }

    /// <summary>
    /// Starts Python. <paramref name="exited"/> is called on a separate thread after all processes of the game have ended.
    /// </summary>
    /// <exception cref="IOException">Python could not be started.</exception>
    public static GameProcess Start(GameHostOptions options, int framesDescriptor, int signalDescriptor, Action<ProcessExit> exited)
    {
        int* pair = stackalloc int[2];
        Libc.Check(Libc.Pipe2(pair, Libc.OCloexec), "pipe2");
        (int childInput, int input) = (pair[0], pair[1]);
        Libc.Check(Libc.Pipe2(pair, Libc.OCloexec), "pipe2");
        (int output, int childOutput) = (pair[0], pair[1]);
        Libc.Check(Libc.Pipe2(pair, Libc.OCloexec), "pipe2");
        (int error, int childError) = (pair[0], pair[1]);
        Libc.Check(Libc.Pipe2(pair, Libc.OCloexec), "pipe2");
        (int sound, int childSound) = (pair[0], pair[1]);
        Libc.Check(Libc.SocketPair(AfUnix, SockSeqpacketCloexec, 0, pair), "socketpair");
        (int control, int childControl) = (pair[0], pair[1]);

        // 4 KiB are 23 ms of sound at 44.1 kHz stereo; the default of 64 KiB would delay it by a third of a second.
        _ = Libc.Fcntl(sound, Libc.FSetPipeSize, 4096);
        Libc.SetNonblocking(output);
        Libc.SetNonblocking(error);
        Libc.SetNonblocking(input);
        Libc.SetNonblocking(sound);

        ReadOnlySpan<int> wanted = [childInput, childOutput, childError, childControl, framesDescriptor, signalDescriptor, childSound];
        int* high = stackalloc int[wanted.Length];
        for (int i = 0; i < wanted.Length; i++)
        {
            // Above every target, so that no dup2 in the child overwrites a descriptor that is still needed.
            high[i] = Libc.Check(Libc.Fcntl(wanted[i], Libc.FDupfdCloexec, 32), "fcntl(F_DUPFD)");
        }

        int pid = Spawn(options, new ReadOnlySpan<int>(high, wanted.Length));
        for (int i = 0; i < wanted.Length; i++)
        {
            _ = Libc.Close(high[i]);
        }

        foreach (int child in (ReadOnlySpan<int>)[childInput, childOutput, childError, childControl, childSound])
        {
            _ = Libc.Close(child);
        }

        GameProcess process = new(pid, new GameDescriptors(input, output, error, control, sound), exited);
        new Thread(process.Reap, 256 * 1024) { IsBackground = true, Name = "reaper" }.Start();
        return process;
    }

    /// <summary>Kills the game and all processes that it started.</summary>
    public void Kill()
    {
        _ = Libc.Kill(_processId, Libc.SigKill);
        KillAll();
    }

    private static int Spawn(GameHostOptions options, ReadOnlySpan<int> descriptors)
    {
        // Generous sizes: glibc's are 80 and 336 bytes on 64-bit machines.
        byte* actions = stackalloc byte[256];
        byte* attributes = stackalloc byte[1024];
        byte* signals = stackalloc byte[256];
        Libc.SpawnActionsInit(actions);
        Libc.SpawnAttributesInit(attributes);
        for (int i = 0; i < descriptors.Length; i++)
        {
            Libc.SpawnActionsDup2(actions, descriptors[i], i);
        }

        Libc.SpawnActionsChdir(actions, options.Work);
        Libc.SpawnAttributesFlags(attributes, SpawnSetSigDef | SpawnSetSigMask | SpawnSetSid);
        Libc.SigEmptySet(signals);
        Libc.SpawnAttributesSignalMask(attributes, signals);
        Libc.SigFillSet(signals);
        Libc.SpawnAttributesSignalDefault(attributes, signals);

        nint[] arguments = Strings([options.Python, "-B", "-X", "utf8", Path.Combine(options.Runtime, "pixel_runtime", "start.py"),
            options.Runtime, options.Work]);
        nint[] environment = Strings(Environment(options));
        try
        {
            int pid;
            fixed (nint* argv = arguments, envp = environment)
            {
                int error = Libc.Spawn(&pid, options.Python, actions, attributes, argv, envp);
                return error == 0
                    ? pid
                    : throw new IOException($"{options.Python} could not be started: {Marshal.GetPInvokeErrorMessage(error)}");
            }
        }
        finally
        {
            Libc.SpawnActionsDestroy(actions);
            Libc.SpawnAttributesDestroy(attributes);
            foreach (nint text in arguments.Concat(environment))
            {
                Marshal.FreeCoTaskMem(text);
            }
        }
    }

    /// <summary>
    /// Returns a small environment: nothing of GameHost's own reaches the game, and nothing of the host changes how it runs.
    /// </summary>
    private static List<string> Environment(GameHostOptions options)
    {
        List<string> environment =
        [
            "PATH=/usr/local/bin:/usr/bin:/bin",
            $"HOME={options.Work}",
            "LANG=C.UTF-8",
            "SDL_VIDEODRIVER=dummy",
            "SDL_AUDIODRIVER=disk",
            "SDL_DISKAUDIOFILE=/proc/self/fd/6",
            "SDL_DISKAUDIODELAY=0",
            "PYGAME_HIDE_SUPPORT_PROMPT=1",
            "PYTHONDONTWRITEBYTECODE=1",
            "OPENBLAS_NUM_THREADS=1",
        ];
        foreach (DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            // If pygame is a person's own installation (development only), Python must still find it.
            if (variable is { Key: "PYTHONPATH" or "PYTHONUSERBASE" or "VIRTUAL_ENV" or "TZ" } && variable.Value is string value)
            {
                environment.Add($"{variable.Key}={value}");
            }
        }

        return environment;
    }

    private static nint[] Strings(List<string> texts)
    {
        nint[] pointers = new nint[texts.Count + 1];
        for (int i = 0; i < texts.Count; i++)
        {
            pointers[i] = Marshal.StringToCoTaskMemUTF8(texts[i]);
        }

        return pointers;
    }

    private void Reap()
    {
        int status;
        while (true)
        {
            int pid = Libc.WaitPid(-1, &status, 0);
            if (pid == _processId)
            {
                break;
            }

            if (pid < 0 && Marshal.GetLastPInvokeError() != Libc.EIntr)
            {
                status = Libc.SigKill;
                break;
            }
        }

        int own = status;
        KillRemaining();
        _exited(ProcessExit.FromStatus(own));
    }

    /// <summary>Kills and reaps until no process of the game is left, for at most two seconds.</summary>
    private static void KillRemaining()
    {
        int status;
        for (int i = 0; i < 400; i++)
        {
            KillAll();
            int pid;
            do
            {
                pid = Libc.WaitPid(-1, &status, NoHang);
            }
            while (pid > 0);
            if (pid < 0 && Marshal.GetLastPInvokeError() == Libc.EChild)
            {
                return;
            }

            Thread.Sleep(5);
        }
    }

    private static void KillAll()
    {
        if (System.Environment.ProcessId == 1)
        {
            // Every process in this namespace except GameHost.
            _ = Libc.Kill(-1, Libc.SigKill);
            return;
        }

        foreach (int pid in ProcessTree.Descendants())
        {
            _ = Libc.Kill(pid, Libc.SigKill);
        }
    }
}
