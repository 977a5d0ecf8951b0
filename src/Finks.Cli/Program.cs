Console.WriteLine("finks");
