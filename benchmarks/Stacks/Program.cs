using System.Globalization;
using WebVmMap.Testing;

// How many of the stacks that the tracer takes of real programs are those that libunwind takes, return address by return address.
var work = Path.Combine(AppContext.BaseDirectory, "work");
var demo = "";
var only = "";
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--demo":
            demo = args[i + 1];
            break;
        case "--only":
            only = args[i + 1];
            break;
    }
}
var port = FreePorts.One();
(string Name, string[] Command, (string, string)[] Environment)[] programs =
[
    ("sqlite3", ["sh", "-c", $"exec sqlite3 :memory: < {work}/rows.sql > /dev/null"], []),
    ("python3", ["/usr/bin/python3", $"{work}/rows.py"], [("PYTHONMALLOC", "malloc")]),
    ("clang++", ["clang++", "-fintegrated-cc1", "-O2", "-c", $"{work}/templates.cpp", "-o", "/dev/null"], []),
    ("redis", ["sh", "-c", $"(until redis-cli -p {port} ping; do sleep 0.1; done; redis-benchmark -p {port} -P 16 -n 100000 -r 10000 -t set,get,lpush,hset; redis-cli -p {port} shutdown nosave) > /dev/null 2>&1 & "
        + $"exec redis-server --port {port} --bind 127.0.0.1 --save '' --appendonly no --dir /tmp"], []),
    ("node", ["node", "-e", "const t = []; for (let i = 0; i < 200000; i++) { t.push(JSON.stringify({ i, s: 'x'.repeat(i % 100) })); if (i % 1000 === 0) Buffer.alloc(1e5, require('zlib').gzipSync(t.join(''))); }"], []),
    ("dotnet", ["bash", "-c", $"exec {demo} --until-input-closes < <(sleep 20)"], []),
];
Console.WriteLine($"{"",-10}{"events",12}{"frames",8}{"equal",12}{"equal %",10}{"shorter",10}{"longer",10}{"other",8}{"untold",8}");
foreach (var (name, command, environment) in programs)
{
    if (only.Length > 0 && only != name)
    {
        continue;
    }
    var stacks = await ComparedStacks.RunAsync(command, CancellationToken.None, environment);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{name,-10}{stacks.Compared,12}{(double)stacks.Frames / Math.Max(stacks.Compared, 1),8:0.0}{stacks.Equal,12}{stacks.EqualShare * 100,10:0.0000}{stacks.Shorter,10}{stacks.Longer,10}{stacks.Other,8}{stacks.Untold,8}"));
    if (stacks.Text.Length > 0)
    {
        Console.Error.WriteLine($"{name}:\n{stacks.Text}");
    }
}
