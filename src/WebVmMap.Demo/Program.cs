using System.Runtime.InteropServices;
using WebVmMap.Demo;

// A small program that leaks on purpose, to have something to look at. It ends with Ctrl+C or SIGTERM,
// or when its standard input closes after "--until-input-closes" (so that it never outlives what started it).
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, EndInOrder);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, EndInOrder);

using var cache = new SharedCache(sizeBytes: 24 << 20);
using var orders = new OrderService(limitBytes: 256 << 20);
var threads = new[]
{
    Worker("orders", orders.TakeOrder, every: TimeSpan.FromMilliseconds(50)),
    Worker("reports", new ReportService().WriteReport, every: TimeSpan.FromMilliseconds(200)),
    Worker("cache", cache.Refresh, every: TimeSpan.FromMilliseconds(100)),
};
if (args.Contains("--until-input-closes"))
{
    while (Console.In.Read() >= 0)
    {
    }
    stop.Cancel();
}
foreach (var thread in threads)
{
    thread.Join();
}
return 0;

// The cache's file is deleted by its disposal, so the signal must not end the program at once.
void EndInOrder(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

Thread Worker(string name, Action work, TimeSpan every)
{
    var thread = new Thread(() =>
    {
        while (!stop.Token.WaitHandle.WaitOne(every))
        {
            work();
        }
    })
    { Name = name };
    thread.Start();
    return thread;
}
