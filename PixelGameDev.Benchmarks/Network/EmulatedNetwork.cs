using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PixelGameDev.Benchmarks.Network;

/// <summary>
/// A second machine behind a bad network: a network namespace whose only way out are two TUN devices, between which this process carries
/// the packets. TCP at both ends is the kernel's own, so that loss costs what it costs on a real network. A program in the namespace
/// reaches this machine's services as 127.0.0.1, which browsers trust.
/// </summary>
internal sealed partial class EmulatedNetwork : IDisposable
{
    private const string Here = "10.213.77.1";
    private const string There = "10.213.77.2";
    private const ulong SetInterface = 0x400454CA;
    private const short Tun = 0x0001;
    private const short NoPacketInfo = 0x1000;
    private const int NameBytes = 16;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"pixel{Environment.ProcessId}");
    private readonly string _program;
    private readonly FileStream _near;
    private readonly FileStream _far;
    private readonly PacketLane _answers;
    private readonly PacketLane _requests;
    private int _disposed;

    private EmulatedNetwork(string browser)
    {
        _program = Path.Combine(Path.GetTempPath(), $"{_name}-chromium");
        File.WriteAllText(_program, $"#!/bin/sh\nexec ip netns exec {_name} '{browser}' \"$@\"\n");
        File.SetUnixFileMode(_program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        _near = Open(_name + "a");
        _far = Open(_name + "b");
        Run("ip", "netns", "add", _name);
        Run("ip", "address", "add", Here + "/24", "dev", _name + "a");
        Run("ip", "link", "set", _name + "a", "up");
        Run("sysctl", "-qw", $"net.ipv4.conf.{_name}a.route_localnet=1");
        Run("iptables", Rule("-A"));
        Run("ip", "link", "set", _name + "b", "netns", _name);
        Inside("ip", "link", "set", "lo", "up");
        Inside("ip", "address", "add", There + "/24", "dev", _name + "b");
        Inside("ip", "link", "set", _name + "b", "up");
        Inside("sysctl", "-qw", "net.ipv4.conf.all.route_localnet=1");
        Inside("iptables", "-t", "nat", "-A", "OUTPUT", "-d", "127.0.0.1", "-p", "tcp", "-j", "DNAT", "--to-destination", Here);
        Inside("iptables", "-t", "nat", "-A", "POSTROUTING", "-o", _name + "b", "-j", "MASQUERADE");
        _answers = new PacketLane(_near, _far, seed: 1);
        _requests = new PacketLane(_far, _near, seed: 2);
        // Also when somebody stops the benchmark.
        Peers.Children.AtEnd(Dispose);
    }

    /// <summary>The browser of that machine: a program to start instead of the browser.</summary>
    public string Program => _program;

    public Conditions Conditions
    {
        get => _answers.Conditions;
        set => _answers.Conditions = _requests.Conditions = value;
    }

    /// <summary>The bytes that have reached that machine so far, with the headers of IP and TCP and with what was sent twice.</summary>
    public long BytesThere => _answers.Bytes;

    /// <summary>Makes the network. Until <see cref="Conditions"/> are set it is as good as this machine.</summary>
    /// <param name="browser">The browser to start on the other machine.</param>
    /// <exception cref="InvalidOperationException">This machine does not allow it; the message says why.</exception>
    public static EmulatedNetwork Create(string browser)
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/dev/net/tun"))
        {
            throw new InvalidOperationException(
                "The emulated network needs root and /dev/net/tun: it makes a network namespace and two TUN devices.");
        }

        return new EmulatedNetwork(browser);
    }

    /// <summary>Loses every packet until it is mended.</summary>
    public void Cut(bool cut) => _answers.IsCut = _requests.IsCut = cut;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _answers.Dispose();
        _requests.Dispose();
        Run("iptables", Rule("-D"));
        // A device that is down ends the reading threads.
        Inside("ip", "link", "set", _name + "b", "down");
        Run("ip", "link", "set", _name + "a", "down");
        _near.Dispose();
        _far.Dispose();
        Run("ip", "netns", "delete", _name);
        File.Delete(_program);
    }

    private string[] Rule(string change) =>
        ["-t", "nat", change, "PREROUTING", "-i", _name + "a", "-p", "tcp", "-j", "DNAT", "--to-destination", "127.0.0.1"];

    private void Inside(string program, params string[] arguments) => Run("ip", ["netns", "exec", _name, program, .. arguments]);

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {said.Trim()}");
        }
    }

    /// <summary>Opens a TUN device that ends with its file.</summary>
    private static FileStream Open(string name)
    {
        SafeFileHandle handle = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite);
        // struct ifreq: the name, then the flags.
        byte[] request = new byte[40];
        System.Text.Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(NameBytes), (short)(Tun | NoPacketInfo));
        return Control(handle, SetInterface, request) == 0
            ? new FileStream(handle, FileAccess.ReadWrite, bufferSize: 0)
            : throw new InvalidOperationException($"No TUN device: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, ulong request, byte[] value);
}
