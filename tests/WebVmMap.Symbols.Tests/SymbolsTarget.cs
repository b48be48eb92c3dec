using System.Security.Cryptography;
using System.Text;
using WebVmMap.Testing;

namespace WebVmMap.Symbols.Tests;

/// <summary>A program of <c>tests/TestTargets/symbols</c>, compiled in some way on first use and kept for all runs.</summary>
internal static class SymbolsTarget
{
    private static readonly Lock s_gate = new();

    /// <summary>Compiles it.</summary>
    /// <param name="compiler">gcc or clang; the C++ compiler of the same kind compiles C++.</param>
    /// <param name="options">Of both.</param>
    public static string Compile(string compiler, params string[] options)
    {
        lock (s_gate)
        {
            compiler = compiler == "clang" ? Clang() : compiler;
            var folder = Path.Combine(Repository.Root, "tests", "TestTargets", "symbols");
            string[] sources = ["plain.c", "weigh.cpp", "shapes.cpp"];
            var hashed = string.Join('\0', [compiler, .. options, .. sources.Select(source => File.ReadAllText(Path.Combine(folder, source)))]);
            var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hashed)))[..16];
            var output = Path.Combine(Path.GetTempPath(), "webvmmap-test-targets", $"symbols-{hash}");
            if (File.Exists(output))
            {
                return output;
            }
            var work = Directory.CreateDirectory($"{output}-{Guid.NewGuid():n}").FullName;
            var plusPlus = compiler.Replace("gcc", "g++", StringComparison.Ordinal).Replace("clang", "clang++", StringComparison.Ordinal);
            foreach (var source in sources)
            {
                Tool.Run(source.EndsWith(".c", StringComparison.Ordinal) ? compiler : plusPlus,
                    [.. options, "-c", Path.Combine(folder, source), "-o", Path.Combine(work, source + ".o")]);
            }
            Tool.Run(plusPlus, [.. options, "-Wl,--build-id", "-o", Path.Combine(work, "program"), .. sources.Select(source => Path.Combine(work, source + ".o"))]);
            File.Move(Path.Combine(work, "program"), output, overwrite: true);
            Directory.Delete(work, recursive: true);
            return output;
        }
    }

    /// <summary>Debian names it by its version, and only with a package more also without.</summary>
    private static string Clang() => File.Exists("/usr/bin/clang") ? "clang" : Path.GetFileName(Directory.GetFiles("/usr/bin", "clang-1?").Order(StringComparer.Ordinal).LastOrDefault() ?? "clang");
}
