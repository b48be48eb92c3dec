// What Blazor hands to a module to call back on.

/** A .NET object reference (DotNetObjectReference). */
export interface DotNetObject {
  invokeMethodAsync(method: string, ...args: unknown[]): Promise<unknown>
}

/** Calls .NET and lets a circuit that is gone be gone: the page is closing or will be told by the reconnect banner. */
export function notify(dotnet: DotNetObject | null, method: string, ...args: unknown[]): void {
  dotnet?.invokeMethodAsync(method, ...args).catch((error: unknown) => { console.debug(`${method} was not delivered`, error) })
}
