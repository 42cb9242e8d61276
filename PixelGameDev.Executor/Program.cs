return await PixelGameDev.Executor.ExecutorApp.RunAsync(args);
