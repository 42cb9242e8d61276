using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Hostile;

/// <summary>
/// Proves that a program that says BLOCKED would notice an escape. Each harmless program runs once more in the same image, in a plain
/// container without the protection that its <c># proof:</c> line names, and must say ESCAPED. If the machine has nothing to attack (<see
/// cref="MachineOffer"/> asks it outside of every sandbox), there is no proof, and the summary of the run says so (<see
/// cref="NotPossible"/>). Programs that could harm the machine (clock, modules, crash handlers, floods of processes) never run this way.
/// </summary>
[Collection(SystemCollection.Name)]
public sealed class ProofTests
{
    private const int LeastProofs = 60;
    private const long Mebibyte = 1 << 20;

    [Fact]
    public async Task Without_its_protection_an_attack_is_seen()
    {
        await using TestExecutor executor =
            await TestExecutor.StartAsync(new Dictionary<string, string?> { ["FORCE_DOCKER_EXECUTION"] = "true" });
        using DockerClient docker = SandboxLeftovers.Docker();
        string image = await GameImageAsync(executor);

        List<string> blind = [];
        int proofs = 0;
        foreach (IGrouping<string, HostileProgram> group in HostileProgram.All.Where(static program => program.Proof is not null)
            .GroupBy(static program => program.Proof!))
        {
            IReadOnlyDictionary<string, string> said = await RunUnprotectedAsync(docker, image, group.Key, [.. group]);
            foreach (HostileProgram program in group)
            {
                proofs++;
                string text = said.GetValueOrDefault(program.Name, "");
                switch (await JudgeAsync(program, text, MachineOffer.WhyNotAsync))
                {
                    case (Proof.NotPossible, var why):
                        NotPossible.Add($"Proof of {program.Name}", why);
                        break;
                    case (Proof.Blind, _):
                        blind.Add($"{program.Name} without its protection ({group.Key}): {text}");
                        break;
                }
            }
        }

        Assert.True(blind.Count == 0, string.Join("\n\n", blind));
        Assert.True(proofs >= LeastProofs, $"Only {proofs} programs have a proof.");
    }

    [Theory]
    [InlineData("ESCAPED: it worked", null, Proof.Made)]
    [InlineData("BLOCKED: SIGSEGV", null, Proof.Blind)]
    [InlineData("BLOCKED: SIGSEGV", "no such entry", Proof.NotPossible)]
    [InlineData("", "no such entry", Proof.NotPossible)]
    public async Task A_machine_without_the_target_is_told_from_a_test_that_is_blind(string said, string? machineLacks, object expected)
    {
        HostileProgram program = HostileProgram.All.First(static program => program.Needs is not null);
        (Proof proof, string why) = await JudgeAsync(program, said, _ => Task.FromResult(machineLacks));
        Assert.Equal(expected, proof);
        Assert.Equal(proof == Proof.NotPossible ? machineLacks : "", why);

        // A program without special needs must always prove itself.
        HostileProgram ordinary = HostileProgram.All.First(static program => program is { Proof: not null, Needs: null });
        (proof, _) = await JudgeAsync(ordinary, said, _ => Task.FromResult(machineLacks));
        Assert.Equal(said.StartsWith("ESCAPED", StringComparison.Ordinal) ? Proof.Made : Proof.Blind, proof);
    }

    private static async Task<(Proof Proof, string Why)> JudgeAsync(HostileProgram program, string said,
        Func<string, Task<string?>> whyNot) =>
        said.Contains("ESCAPED", StringComparison.Ordinal) ? (Proof.Made, "")
        : program.Needs is not null && await whyNot(program.Needs) is { } why ? (Proof.NotPossible, why)
        : (Proof.Blind, "");

    /// <summary>The result of a proof.</summary>
    private enum Proof
    {
        /// <summary>The attack was seen.</summary>
        Made,

        /// <summary>The machine has nothing to attack.</summary>
        NotPossible,

        /// <summary>The attack was not seen although it must have worked: the program's BLOCKED proves nothing.</summary>
        Blind,
    }

    private static async Task<string> GameImageAsync(TestExecutor executor)
    {
        await using WatchedSession session = await WatchedSession.StartAsync(executor, "input()");
        return (await SandboxLeftovers.ListAsync(executor.Identity))[0].ImageID;
    }

    private static async Task<IReadOnlyDictionary<string, string>> RunUnprotectedAsync(
        DockerClient docker, string image, string proof, IReadOnlyList<HostileProgram> programs)
    {
        CreateContainerResponse container = await docker.Containers.CreateContainerAsync(Unprotected(image, proof.Split(' '), programs));
        try
        {
            using MemoryStream files = Archive(programs);
            await docker.Containers.ExtractArchiveToContainerAsync(container.ID, new CopyToContainerParameters { Path = "/" }, files);
            await docker.Containers.StartContainerAsync(container.ID, new ContainerStartParameters());
            using CancellationTokenSource limit = new(TimeSpan.FromMinutes(10));
            await docker.Containers.WaitContainerAsync(container.ID, limit.Token);
            using MultiplexedStream logs = await docker.Containers.GetContainerLogsAsync(
                container.ID, new ContainerLogsParameters { ShowStdout = true, ShowStderr = true }, limit.Token);
            (string output, string errors) = await logs.ReadOutputToEndAsync(limit.Token);
            Dictionary<string, string> said = [];
            foreach (string part in output.Split("=== ", StringSplitOptions.RemoveEmptyEntries))
            {
                string[] lines = part.Split('\n', 2);
                said[lines[0]] = lines.ElementAtOrDefault(1) + errors;
            }

            return said;
        }
        finally
        {
            await docker.Containers.RemoveContainerAsync(container.ID,
                new ContainerRemoveParameters { Force = true, RemoveVolumes = true });
        }
    }

    private static CreateContainerParameters Unprotected(string image, IReadOnlyList<string> taken, IReadOnlyList<HostileProgram> programs)
    {
        string[] capabilities =
            [.. taken.Where(static word => word.StartsWith("cap=", StringComparison.Ordinal)).Select(static word => word[4..])];
        List<string> security = [];
        List<string> environment = [.. SandboxPolicy.Environment];
        HostConfig host = new()
        {
            NetworkMode = "none",
            CapDrop = ["ALL"],
            CapAdd = capabilities,
            Memory = 1500 * Mebibyte,
            PidsLimit = 200,
            SecurityOpt = security,
            Mounts = [],
        };
        int user = 1000;
        foreach (string word in taken.Where(static word => !word.StartsWith("cap=", StringComparison.Ordinal)))
        {
            switch (word)
            {
                case "root":
                    user = 0;
                    break;
                case "no-seccomp":
                    security.Add("seccomp=unconfined");
                    break;
                case "unmasked":
                    host.MaskedPaths = [];
                    break;
                case "host-network":
                    host.NetworkMode = "host";
                    break;
                case "host-pids":
                    host.PidMode = "host";
                    break;
                case "host-directory":
                    host.Mounts.Add(new Mount { Type = "bind", Source = HostileProgram.Folder, Target = "/somewhere", ReadOnly = true });
                    break;
                case "docker-socket":
                    host.Mounts.Add(new Mount
                    {
                        Type = "bind",
                        Source = SandboxLeftovers.DockerEndpoint.LocalPath,
                        Target = "/run/docker.sock"
                    });
                    break;
                case "shm=1g":
                    host.ShmSize = 1024 * Mebibyte;
                    break;
                case "env=EXECUTOR_SECRET_KEY":
                    environment.Add("EXECUTOR_SECRET_KEY=of no worth");
                    break;
                default:
                    throw new InvalidDataException($"'{word}' is no protection this test can take away.");
            }
        }

        // Root without capabilities may write only to its own files.
        host.Tmpfs = new Dictionary<string, string>
        {
            [SandboxPolicy.WorkPath] =
            string.Create(CultureInfo.InvariantCulture, $"rw,exec,size=1400m,mode=0700,uid={user},gid={user}")
        };
        string script = string.Join('\n', programs.Select(static program =>
            $"echo '=== {program.Name}'; cd {SandboxPolicy.WorkPath}; timeout -s KILL 120 python3 -B /attack/{program.Name}/main.py " +
                $"2>&1 | tail -c 4000; rm -rf {SandboxPolicy.WorkPath}/*"));
        return new CreateContainerParameters
        {
            Image = image,
            User = string.Create(CultureInfo.InvariantCulture, $"{user}:{user}"),
            Env = environment,
            WorkingDir = SandboxPolicy.WorkPath,
            Entrypoint = ["/bin/sh", "-c"],
            Cmd = [script],
            HostConfig = host,
        };
    }

    private static MemoryStream Archive(IReadOnlyList<HostileProgram> programs)
    {
        MemoryStream stream = new();
        using (TarWriter tar = new(stream, leaveOpen: true))
        {
            foreach (HostileProgram program in programs)
            {
                Add($"attack/{program.Name}/main.py", program.Source);
                Add($"attack/{program.Name}/hostile.py", HostileProgram.Support);
            }

            void Add(string path, string text) =>
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path)
                {
                    Mode = (UnixFileMode)0b110_100_100,
                    DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
                });
        }

        stream.Position = 0;
        return stream;
    }
}
