global using WebVmMap.EndToEnd.Harness;
global using Xunit;
