using System.Diagnostics;
using System.Reflection;

namespace WebVmMap.Recording.Tests;

/// <summary>Programs that many people run do under recording what they do alone: they say the same, to the byte, of work that would come out differently if anything was disturbed.</summary>
public sealed class RealProgramTests : IDisposable
{
    private const string Sqlite = """
        CREATE TABLE t(x INTEGER PRIMARY KEY, n TEXT, b BLOB);
        WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 20000) INSERT INTO t SELECT x, printf('name-%d', x * 7919 % 10007), zeroblob(x % 300) FROM c;
        CREATE INDEX i ON t(n, x);
        DELETE FROM t WHERE x % 7 = 0;
        UPDATE t SET n = n || '!' WHERE x % 5 = 0;
        SELECT count(*), sum(x), min(n), max(n), sum(length(b)) FROM t;
        SELECT n, count(*), group_concat(x) FROM t GROUP BY n ORDER BY 2 DESC, n LIMIT 50;
        SELECT json_group_array(json_object('x', x, 'n', n)) FROM (SELECT * FROM t ORDER BY n, x LIMIT 100);
        PRAGMA integrity_check;
        """;

    private const string Python = """
        import collections, decimal, hashlib, json, random, re, subprocess, threading, zlib
        found = [None] * 8
        def work(n):
            r = random.Random(n)
            rows = [{'id': i, 'words': [str(r.random()) for _ in range(r.randrange(20))]} for i in range(400)]
            text = json.dumps(rows)
            assert json.loads(text) == rows and zlib.decompress(zlib.compress(text.encode())).decode() == text
            found[n] = hashlib.sha256(text.encode()).hexdigest(), collections.Counter(re.findall(r'\d\d', text)).most_common(3)
        threads = [threading.Thread(target=work, args=(n,)) for n in range(8)]
        [t.start() for t in threads], [t.join() for t in threads]
        print(*found, sep='\n')
        print(subprocess.run(['/bin/sh', '-c', 'echo from a child'], capture_output=True, text=True).stdout)
        try:
            [0] * (1 << 60)
        except MemoryError:
            print('no memory, as it should be')
        print(sum(decimal.Decimal(i).sqrt() for i in range(2000)), len(bytearray(50_000_000)))
        """;

    private const string Node = """
        const { Worker } = require('worker_threads'), zlib = require('zlib'), crypto = require('crypto');
        const one = n => new Promise((done, failed) => {
          const worker = new Worker(`const { parentPort, workerData } = require('worker_threads');
            const rows = []; for (let i = 0; i < 5000; i++) rows.push({ i, s: 'x'.repeat((i * workerData) % 100), d: i / 7 });
            parentPort.postMessage(JSON.stringify(rows));`, { eval: true, workerData: n });
          worker.on('message', text => done(text)); worker.on('error', failed);
        });
        Promise.all([1, 2, 3, 4].map(one)).then(all => {
          for (const text of all) {
            const packed = zlib.gzipSync(text);
            if (zlib.gunzipSync(packed).toString() !== text) throw new Error('not the same');
            console.log(text.length, crypto.createHash('sha256').update(text).digest('hex'));
          }
          const big = new Map(); for (let i = 0; i < 200000; i++) big.set('k' + i, Buffer.alloc(i % 50));
          console.log(big.size, Buffer.concat([...big.values()]).length);
        });
        """;

    private const string Cpp = """
        #include <map>
        #include <regex>
        #include <string>
        #include <vector>
        template <int N> struct depth { static int of(int x) { return depth<N - 1>::of(x) + N; } };
        template <> struct depth<0> { static int of(int x) { return x; } };
        int all(const std::string &text) {
          std::map<std::string, std::vector<int>> seen;
          std::regex word("[a-z]+");
          for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at) seen[at->str()].push_back(at->position());
          return depth<200>::of((int)seen.size());
        }
        """;

    // A hash of all that is in it comes last.
    private const string AskRedis = """
        until redis-cli -s ./redis ping; do sleep 0.02; done > /dev/null 2>&1
        redis-benchmark -s ./redis -P 16 -n 20000 -r 1000 -t set,lpush,sadd,zadd,hset -q > /dev/null
        redis-cli -s ./redis flushall
        redis-cli -s ./redis eval "for i = 1, 20000 do redis.call('set', 'k' .. i, string.rep('v', i % 200)) redis.call('hset', 'h' .. i % 100, i, i) redis.call('zadd', 'z', i % 77, i) end return redis.call('dbsize')" 0
        redis-cli -s ./redis zrange z 100 120 withscores
        redis-cli -s ./redis debug reload
        redis-cli -s ./redis debug digest
        redis-cli -s ./redis shutdown nosave
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("webvmmap-real-").FullName;

    public static TheoryData<string, int> Programs => new()
    {
        { "sqlite3", 100_000 },
        { "python", 100_000 },
        { "node", 20_000 },
        { "clang", 100_000 },
        { "dotnet", 5_000 },
    };

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task Launch_RealProgram_DoesWhatItDoesAlone(string program, int leastEvents)
    {
        var command = Command(program);
        var alone = Run(command);
        Assert.NotEmpty(alone);

        var recorded = await Recorded.RunAsync(command);

        Assert.Equal(alone, string.Join('\n', recorded.Output).TrimEnd('\n').Split('\n'));
        Assert.True(recorded.Health.Events > leastEvents, $"{recorded.Health.Events} events");
        Assert.Equal(0, recorded.Health.DroppedEvents);
    }

    [Fact]
    public async Task Launch_Redis_AnswersWhatItAnswersAlone()
    {
        string[] command = ["redis-server", "--dir", _folder, "--port", "0", "--unixsocket", Path.Combine(_folder, "redis"), "--save", "", "--appendonly", "no", "--enable-debug-command", "yes"];
        string[] ask = ["/bin/sh", "-c", $"cd '{_folder}'\n{AskRedis}"];
        string[] alone;
        using (var server = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!)
        {
            _ = server.StandardOutput.BaseStream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);
            alone = Run(ask);
            await server.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        Assert.Equal(40, alone[^1].Length);

        var recording = Recorded.RunAsync(command);
        var answered = Run(ask);
        var recorded = await recording;

        Assert.Equal(alone, answered);
        Assert.True(recorded.Health.Events > 500_000, $"{recorded.Health.Events} events");
        Assert.Equal(0, recorded.Health.DroppedEvents);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string[] Command(string program) => program switch
    {
        "sqlite3" => ["sqlite3", ":memory:", Sqlite],
        "python" => ["env", "PYTHONMALLOC=malloc", "/usr/bin/python3", "-c", Python],
        "node" => ["node", "-e", Node],
        "clang" => ["clang++", "-O2", "-S", Written("c.cpp", Cpp), "-o", "-"],
        "dotnet" => [Managed, "shapes", "hot", "collectible"],
        _ => throw new ArgumentOutOfRangeException(nameof(program)),
    };

    private string Written(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private static string Managed => typeof(RealProgramTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "ManagedProgram").Value!;

    private static string[] Run(string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.TrimEnd('\n').Split('\n');
    }
}
