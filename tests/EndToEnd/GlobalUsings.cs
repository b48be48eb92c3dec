global using WebVmMap.EndToEnd.Harness;
global using WebVmMap.Testing;
global using Xunit;
