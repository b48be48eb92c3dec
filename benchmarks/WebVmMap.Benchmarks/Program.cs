using BenchmarkDotNet.Running;
using WebVmMap.Benchmarks;

// "sizes" prints bytes per region, which is no matter of time; everything else is BenchmarkDotNet's.
if (args is ["sizes"])
{
    SizeReport.Print();
    return;
}
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
