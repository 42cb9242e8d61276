using System.Text.Json;
using Docker.DotNet.Models;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Processors;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.Streaming.Contracts;
using PixelGameDev.Tests.Executor;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Sandbox.Policy;

/// <summary>Tests what a program finds inside a container: nothing to gain, and everything that ordinary Python needs.</summary>
[Collection(DockerCollection.Name)]
public sealed class InsideTests : PolicyScene
{
    [Fact]
    public async Task Inside_there_is_nothing_to_gain()
    {
        JsonElement inside = await ProbeAsync("""
            import json, os, socket, ctypes, resource, subprocess, sys, threading
            facts = {}
            status = dict(line.rstrip("\n").split(":\t", 1) for line in open("/proc/self/status") if ":\t" in line)
            facts["uid"], facts["gid"] = status["Uid"].split(), status["Gid"].split()
            for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                facts[name] = int(status[name].strip(), 16)
            facts["NoNewPrivs"], facts["Seccomp"] = status["NoNewPrivs"].strip(), status["Seccomp"].strip()
            facts["mounts"] = [line.split() for line in open("/proc/mounts")]
            facts["interfaces"] = [name for _, name in socket.if_nameindex()] if hasattr(socket, "if_nameindex") and False else os.listdir("/sys/class/net")
            facts["environment"] = dict(os.environ)
            facts["one"] = open("/proc/1/cmdline").read().split("\0")[0]
            facts["devices"] = sorted(name for name in os.listdir("/dev") if os.path.exists("/dev/" + name) and os.stat("/dev/" + name).st_mode & 0o060000 == 0o060000)
            facts["limits"] = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in ("NOFILE", "FSIZE", "CORE", "MSGQUEUE")}
            facts["limits"]["SIGPENDING"] = [int(word) for word in next(line for line in open("/proc/self/limits") if line.startswith("Max pending signals")).split()[3:5]]
            facts["setuid"] = [path for folder in ("/usr", "/bin", "/sbin", "/opt") for root, _, names in os.walk(folder) for path in (os.path.join(root, name) for name in names) if not os.path.islink(path) and os.stat(path).st_mode & 0o6000]

            def attempt(name, action):
                try:
                    facts.setdefault("worked", []).append([name, repr(action())])
                except BaseException as error:
                    facts.setdefault("refused", {})[name] = getattr(error, "errno", None) or str(error)

            for path in ("/", "/etc", "/usr/bin", "/opt/pixel", "/opt/pixel/runtime", "/link", "/proc", "/sys", "/dev", "/var/tmp", "/root", "/home"):
                attempt("write " + path, lambda: open(path + "/x", "w"))
            for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/vm/overcommit_memory", "/sys/fs/cgroup/memory/release_agent", "/proc/1/mem", "/dev/mem", "/dev/kmsg"):
                attempt("open " + path, lambda: open(path, "r+b"))
            attempt("read /etc/shadow", lambda: open("/etc/shadow").read())
            attempt("root of 1", lambda: os.listdir("/proc/1/root"))
            attempt("descriptors of 1", lambda: os.listdir("/proc/1/fd"))
            attempt("setuid", lambda: os.setuid(0))
            attempt("mknod", lambda: os.mknod("null", 0o020666, os.makedev(1, 3)))
            attempt("chroot", lambda: os.chroot("/work"))
            for family in ("AF_NETLINK", "AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_BLUETOOTH", "AF_TIPC"):
                if hasattr(socket, family):
                    attempt("socket " + family, lambda: socket.socket(getattr(socket, family), socket.SOCK_RAW))
            for name, number in (("AF_INET", 2), ("AF_INET6", 10), ("AF_INET with a high bit", 2 | 1 << 32)):
                attempt(name, lambda: call(41, number, 1, 0))
            attempt("limits of 1", lambda: resource.prlimit(1, resource.RLIMIT_NOFILE, (2, 2)))
            attempt("core files", lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 1)))
            attempt("core files with a high bit", lambda: call(302, 0, 4 | 1 << 32, ctypes.addressof((ctypes.c_ulong * 2)(1, 1)), 0))
            attempt("priority of 1", lambda: os.setpriority(os.PRIO_PROCESS, 1, 19))
            attempt("priority of the user", lambda: os.setpriority(os.PRIO_USER, 0, 19))
            attempt("scheduling of 1", lambda: os.sched_setscheduler(1, os.SCHED_IDLE, os.sched_param(0)))
            attempt("processors of 1", lambda: os.sched_setaffinity(1, {0}))
            attempt("terminal", os.openpty)
            attempt("raw socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
            attempt("connect out", lambda: socket.create_connection(("1.1.1.1", 53), 2))

            libc = ctypes.CDLL(None, use_errno=True)
            def call(number, *arguments):
                ctypes.set_errno(0)
                result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(argument) for argument in arguments])
                if result < 0:
                    raise OSError(ctypes.get_errno(), "refused")
                return result
            # Numbers of x86-64; arguments that would be good enough where the call exists.
            calls = {
                "io_uring_setup": (425, 8, 0), "io_uring_enter": (426, 0, 0), "io_uring_register": (427, 0, 0), "io_setup": (206, 1, 0),
                "ptrace": (101, 0, 0), "process_vm_readv": (310, 1, 0, 0, 0, 0, 0), "process_vm_writev": (311, 1, 0, 0, 0, 0, 0), "kcmp": (312, 1, 1, 0, 0, 0),
                "add_key": (248, 0, 0, 0, 0, -4), "request_key": (249, 0, 0, 0, 0), "keyctl": (250, 0, -4, 1), "bpf": (321, 0, 0, 0),
                "userfaultfd": (323, 1), "perf_event_open": (298, 0, 0, -1, -1, 0), "mount": (165, 0, 0, 0, 0, 0), "umount2": (166, 0, 0), "pivot_root": (155, 0, 0),
                "open_tree": (428, -100, 0, 0), "move_mount": (429, 0, 0, 0, 0, 0), "fsopen": (430, 0, 0), "fsconfig": (431, 0, 0, 0, 0, 0), "fsmount": (432, 0, 0, 0), "fspick": (433, 0, 0, 0),
                "mount_setattr": (442, 0, 0, 0, 0, 0), "unshare user": (272, 0x10000000), "unshare net": (272, 0x40000000), "setns": (308, 0, 0),
                "clone newuser": (56, 0x10000000 | 17, 0, 0, 0, 0), "name_to_handle_at": (303, -100, 0, 0, 0, 0), "open_by_handle_at": (304, 0, 0, 0),
                "init_module": (175, 0, 0, 0), "finit_module": (313, 0, 0, 0), "delete_module": (176, 0, 0), "kexec_load": (246, 0, 0, 0, 0), "reboot": (169, 0, 0, 0, 0),
                "swapon": (167, 0, 0), "swapoff": (168, 0), "settimeofday": (164, 0, 0), "clock_settime": (227, 0, 0), "adjtimex": (159, 0), "clock_adjtime": (305, 0, 0),
                "acct": (163, 0), "syslog": (103, 3, 0, 0), "quotactl": (179, 0, 0, 0, 0), "iopl": (172, 3), "ioperm": (173, 0, 1, 1), "modify_ldt": (154, 0, 0, 0),
                "sethostname": (170, 0, 0), "setdomainname": (171, 0, 0), "lookup_dcookie": (212, 0, 0, 0), "vmsplice": (278, 0, 0, 0, 0), "mbind": (237, 0, 0, 0, 0, 0, 0), "move_pages": (279, 0, 0, 0, 0, 0, 0),
                "migrate_pages": (256, 0, 0, 0, 0), "set_mempolicy": (238, 0, 0, 0), "mq_open": (240, 0, 0, 0, 0), "msgget": (68, 0, 0o1600), "semget": (64, 0, 1, 0o1600), "shmget": (29, 0, 4096, 0o1600),
                "pidfd_getfd": (438, 0, 0, 0), "process_madvise": (440, 0, 0, 0, 0, 0), "personality addr_no_randomize": (135, 0x0040000), "fanotify_init": (300, 0, 0), "chroot": (161, 0), "vhangup": (153,),
                "inotify_init": (253,), "inotify_init1": (294, 0), "epoll_create": (213, 1), "epoll_create1": (291, 0), "cachestat": (451, 0, 0, 0, 0),
                "rt_sigqueueinfo": (129, 1, 0, 0), "rt_tgsigqueueinfo": (297, 1, 1, 0, 0), "pidfd_send_signal with a sender": (424, 0, 0, 1, 0),
                "setrlimit": (160, 7, 0), "landlock_create_ruleset": (444, 0, 0, 1), "attach a filter": (54, 0, 1, 26, 0, 0),
                "TIOCSTI": (16, 0, 0x5412, 0), "TIOCSETD": (16, 0, 0x5423, 0), "TIOCLINUX": (16, 0, 0x541C, 0), "TIOCSETD with a high bit": (16, 0, 0x5423 | 1 << 32, 0),
                "PR_SCHED_CORE": (157, 62, 1, 0, 0, 0), "PR_SET_MM": (157, 35, 1, 0, 0, 0), "PR_SET_SECCOMP": (157, 22, 1, 0, 0, 0), "PR_SET_MDWE": (157, 65, 1, 0, 0, 0),
                "F_SETLEASE": (72, 0, 1024, 0), "F_NOTIFY": (72, 0, 1026, 1), "merge pages": (28, 0, 4096, 12), "merge pages with a high bit": (28, 0, 4096, 12 | 1 << 32),
            }
            facts["calls"] = {}
            for name, arguments in calls.items():
                try:
                    facts["calls"][name] = "worked: %d" % call(*arguments)
                except OSError as error:
                    facts["calls"][name] = error.errno
            # clone3 must say it does not exist, so that the C library takes clone.
            try:
                call(435, 0, 0)
            except OSError as error:
                facts["clone3"] = error.errno
            print("FACTS" + json.dumps(facts) + "END")
            """);

        Assert.All(inside.GetProperty("uid").EnumerateArray(), static id => Assert.Equal("1000", id.GetString()));
        Assert.All(inside.GetProperty("gid").EnumerateArray(), static id => Assert.Equal("1000", id.GetString()));
        Assert.All((string[])["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"], set =>
            Assert.Equal(0, inside.GetProperty(set).GetInt64()));
        Assert.Equal(("1", "2"), (inside.GetProperty("NoNewPrivs").GetString(), inside.GetProperty("Seccomp").GetString()));
        Assert.Equal("/opt/pixel/gamehost", inside.GetProperty("one").GetString());
        Assert.Equal(["lo"], inside.GetProperty("interfaces").EnumerateArray().Select(static name => name.GetString()));
        Assert.Empty(inside.GetProperty("devices").EnumerateArray());
        Assert.DoesNotContain(inside.GetProperty("environment").EnumerateObject(), static variable =>
            variable.Name.Contains("SECRET", StringComparison.Ordinal) || variable.Name.Contains("DOCKER", StringComparison.Ordinal));

        // Only the sized temporary file systems are writable.
        string[] writable = [.. inside.GetProperty("mounts").EnumerateArray()
            .Where(static mount => mount[3].GetString()!.Split(',').Contains("rw"))
            .Select(static mount => mount[1].GetString()!)
            .Where(static path => !path.StartsWith("/proc", StringComparison.Ordinal)
                && !path.StartsWith("/sys", StringComparison.Ordinal))];
        Assert.Equal(["/dev", "/dev/mqueue", "/dev/shm", "/tmp", "/work"], writable.Order(StringComparer.Ordinal));
        foreach (string sized in (string[])["/work", "/tmp", "/dev/shm"])
        {
            string options = inside.GetProperty("mounts").EnumerateArray().Last(mount => mount[1].GetString() == sized)[3].GetString()!;
            Assert.Contains("size=", options, StringComparison.Ordinal);
            Assert.Contains("nosuid", options, StringComparison.Ordinal);
            Assert.Contains("nodev", options, StringComparison.Ordinal);
        }

        Assert.Empty(inside.GetProperty("worked").EnumerateArray());
        Assert.Empty(inside.GetProperty("setuid").EnumerateArray());
        JsonElement limits = inside.GetProperty("limits");
        Assert.Equal(1, limits.GetProperty("CORE")[1].GetInt64());
        Assert.Equal(new SandboxPolicy().PendingSignals, limits.GetProperty("SIGPENDING")[1].GetInt64());
        Assert.Equal(new SandboxPolicy().OpenFiles, limits.GetProperty("NOFILE")[1].GetInt64());
        Assert.Equal(new SandboxPolicy().FileBytes, limits.GetProperty("FSIZE")[1].GetInt64());

        const int notPermitted = 1, noSuchCall = 38;
        Assert.All(inside.GetProperty("calls").EnumerateObject(), call => Assert.True(
            call.Value.ValueKind == JsonValueKind.Number && call.Value.GetInt32() is notPermitted or noSuchCall,
            $"{call.Name}: {call.Value}"));
        Assert.Equal(noSuchCall, inside.GetProperty("clone3").GetInt32());
    }

    [Fact]
    public async Task Ordinary_python_still_works()
    {
        JsonElement inside = await ProbeAsync("""
            import asyncio, ctypes, fcntl, json, multiprocessing, os, random, resource, selectors, shelve, socket, sqlite3, subprocess, sys, tempfile, threading, time, uuid, zipfile
            import numpy, pygame
            facts = {}
            facts["numpy"] = int((numpy.arange(10000).reshape(100, 100) @ numpy.ones((100, 100))).sum() > 0) + int(numpy.linalg.inv(numpy.eye(50) * 2)[0, 0] * 2)
            done = []
            threads = [threading.Thread(target=done.append, args=(number,)) for number in range(20)]
            [thread.start() for thread in threads]; [thread.join() for thread in threads]
            facts["threads"] = len(done)
            facts["subprocess"] = subprocess.run([sys.executable, "-c", "print(6*7)"], capture_output=True, text=True).stdout.strip()
            read, write = os.pipe()
            if os.fork() == 0:
                os.write(write, b"child"); os._exit(0)
            facts["fork"] = os.read(read, 10).decode(); os.wait()
            async def wait():
                await asyncio.sleep(0.01)
                process = await asyncio.create_subprocess_exec(sys.executable, "-c", "print('async')", stdout=asyncio.subprocess.PIPE)
                return (await process.communicate())[0].decode().strip()
            facts["asyncio"] = asyncio.run(wait())
            class Echo(asyncio.Protocol):
                def connection_made(self, transport): self.transport = transport
                def data_received(self, data): self.transport.write(data)
            async def talk():
                loop = asyncio.get_running_loop()
                server = await loop.create_unix_server(Echo, "/tmp/echo")
                reader, writer = await asyncio.open_unix_connection("/tmp/echo"); writer.write(b"hello\n")
                answer = (await reader.readline()).decode().strip(); writer.close(); server.close()
                return answer
            facts["sockets"] = asyncio.run(talk())
            with selectors.DefaultSelector() as selector:
                near, far = socket.socketpair(); selector.register(far, selectors.EVENT_READ); near.send(b"x"); facts["selector"] = len(selector.select(2))
            queue = multiprocessing.Queue()
            child = multiprocessing.get_context("fork").Process(target=queue.put, args=("from a child",)); child.start()
            facts["multiprocessing"] = queue.get(timeout=20); child.join()
            # Before pygame.init: SDL takes SIGTERM over, also in children that are forked later, and a pool ends its own by it.
            with multiprocessing.get_context("fork").Pool(2) as pool: facts["pool"] = pool.map(abs, [-1, -2])
            with open("save.json", "w") as file: json.dump({"score": 3}, file)
            facts["files"] = json.load(open("save.json"))["score"]
            facts["temporary"] = tempfile.NamedTemporaryFile().name.startswith("/tmp")
            database = sqlite3.connect("scores.db"); database.execute("create table t(x)"); database.execute("insert into t values (5)"); database.commit()
            facts["sqlite"] = database.execute("select x from t").fetchone()[0]
            pygame.init(); screen = pygame.display.set_mode((64, 64)); screen.fill((1, 2, 3)); pygame.display.flip()
            facts["pygame"] = list(screen.get_at((5, 5)))[:3]
            facts["font"] = pygame.font.SysFont("dejavusans", 20).render("hello", True, (255, 255, 255)).get_width() > 10
            facts["mixer"] = bool(pygame.mixer.get_init())
            with shelve.open("saved") as shelf: shelf["level"] = 7
            with shelve.open("saved") as shelf: facts["shelve"] = shelf["level"]
            with open("lock", "w") as file: fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB); fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.nice(1); os.sched_setaffinity(0, os.sched_getaffinity(0)); os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))
            facts["limit"] = resource.setrlimit(resource.RLIMIT_NOFILE, (200, 500)) or resource.getrlimit(resource.RLIMIT_NOFILE)
            left, right = socket.socketpair(); left.settimeout(2); left.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65536); left.send(b"pair"); facts["pair"] = right.recv(9).decode()
            try: socket.create_connection(("example.com", 80), 2)
            except OSError as error: facts["network"] = "OSError"
            try: socket.create_connection(("127.0.0.1", 80), 2)
            except OSError as error: facts["loopback"] = error.strerror
            facts["terminal"] = os.isatty(0) or os.isatty(1)
            facts["random"] = len(os.urandom(8)) + uuid.uuid4().version
            print("FACTS" + json.dumps(facts) + "END")
            """);
        Assert.Equal(
            """{"numpy":2,"threads":20,"subprocess":"42","fork":"child","asyncio":"async","sockets":"hello","selector":1,"multiprocessing":"from a child","pool":[1,2],"files":3,"temporary":true,"sqlite":5,"pygame":[1,2,3],"font":true,"mixer":true,"shelve":7,"limit":[200,500],"pair":"pair","network":"OSError","loopback":"Address family not supported by protocol","terminal":false,"random":12}""",
            JsonSerializer.Serialize(inside));
    }
}
