using System.Diagnostics;
using System.Runtime.InteropServices;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>
/// Asks the machine itself, outside of every sandbox, whether it offers what a program of the corpus attacks (<c># needs: …</c>). Without
/// this, "the attack was not seen" could also mean that the kernel has nothing to attack.
/// </summary>
internal static partial class MachineOffer
{
    private static readonly Dictionary<string, Func<Task<string?>>> Probes = new()
    {
        ["32-bit-entry"] = ProbeInt80Async,
        ["core-scheduling"] = static () => ProbeCall(
            "core scheduling (no processor with two threads a core, or a kernel without it)",
            () => prctl(PrSchedCore, PrSchedCoreCreate, 0, 0, 0), NoDevice, Invalid),
        ["cachestat"] = static () => ProbeCall("cachestat (Linux 6.5)", () => syscall(Cachestat, -1, 0, 0, 0), NoSuchCall),
        ["same-page-merging"] = static () => Task.FromResult(
            Directory.Exists("/sys/kernel/mm/ksm") ? null : "this machine's kernel merges no equal pages (it has no /sys/kernel/mm/ksm)"),
    };

    private const int NoDevice = 19;
    private const int Invalid = 22;
    private const int NoSuchCall = 38;
    private const int PrSchedCore = 62;
    private const int PrSchedCoreCreate = 1;
    private const int Cachestat = 451;

    /// <summary>The names of the needs that a program may state.</summary>
    public static IReadOnlyCollection<string> Known => Probes.Keys;

    /// <summary>Returns null when the machine offers it, otherwise a sentence that says how this is known.</summary>
    /// <param name="need">One of <see cref="Known"/>.</param>
    public static Task<string?> WhyNotAsync(string need) => Probes[need]();

    /// <summary>Makes a system call in a separate thread. The thread ends afterwards and releases what the call gave it.</summary>
    private static Task<string?> ProbeCall(string name, Func<nint> call, params int[] absent)
    {
        int error = 0;
        Thread thread = new(() => error = call() < 0 ? Marshal.GetLastPInvokeError() : 0);
        thread.Start();
        thread.Join();
        return Task.FromResult(absent.Contains(error)
            ? $"this machine has no {name}; asked outside of every sandbox, the kernel says {Marshal.GetPInvokeErrorMessage(error)}"
            : null);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nint a, nint b, nint c, nint d);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint syscall(nint number, nint a, nint b, nint c, nint d);

    /// <summary>Runs a program of 132 bytes whose only act is to exit with 42 through <c>int 0x80</c>.</summary>
    private static async Task<string?> ProbeInt80Async()
    {
        if (RuntimeInformation.OSArchitecture != Architecture.X64)
        {
            return "this processor has no int 0x80";
        }

        using TestDirectory directory = new();
        string file = directory.Sub("probe");
        await File.WriteAllBytesAsync(file, Elf([
            0xB8, 1, 0, 0, 0, // mov eax, 1 (exit, by the numbers of the 32-bit entry)
            0xBB, 42, 0, 0, 0, // mov ebx, 42
            0xCD, 0x80, // int 0x80
        ]));
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using Process process = Process.Start(file);
        await process.WaitForExitAsync();
        return process.ExitCode == 42
            ? null
            : $"this machine does not offer the 32-bit entry of the kernel (a probe outside of every sandbox ended with " +
                $"{process.ExitCode}, not with 42)";
    }

    /// <summary>Returns the smallest program for 64-bit Linux: the file's header, one segment, the code.</summary>
    private static byte[] Elf(ReadOnlySpan<byte> code)
    {
        const int Headers = 64 + 56;
        const ulong Base = 0x400000;
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        writer.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        writer.Write((ushort)2); // a program
        writer.Write((ushort)62); // x86-64
        writer.Write(1);
        writer.Write(Base + Headers); // the entry point
        writer.Write(64UL); // the offset of the segment table
        writer.Write(0UL);
        writer.Write(0);
        writer.Write((ushort)64);
        writer.Write((ushort)56);
        writer.Write((ushort)1);
        writer.Write(stackalloc byte[6]);
        writer.Write(1); // a loadable segment,
        writer.Write(5); // readable and executable
        writer.Write(0UL);
        writer.Write(Base);
        writer.Write(Base);
        writer.Write((ulong)(Headers + code.Length));
        writer.Write((ulong)(Headers + code.Length));
        writer.Write(4096UL);
        writer.Write(code);
        return stream.ToArray();
    }
}
