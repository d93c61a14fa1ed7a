/// The text of `course --help`.
enum Help {
  static let text = """
    The steps and the exercises of Five Ways to Wait.

    usage: course [list]           all steps and exercises, and which are done
           course doctor           whether this machine has what the book needs
           course cluster          Redis and three of chapter 5's servers, as one service
           course --version        the version

    Your server, in MyServer/, step by step:
           course build [1c]       the next step: what to write, and its place in the book
           course run [OPTION …]   compiles your server and starts it, such as: run --port 7979
           course diff [1c]        how the book's program differs from yours
           course take [1c]        puts the book's program there; yours is kept as a backup
           course check 1c --server COMMAND
                                   checks a program in any language, started with --port N

    Exercises, in Exercises/:
           course next [1.1]       the next exercise: what to do
           course predict [1.4]    asks what you expect, then measures it
             --answer TEXT …       the answers, one for each question
           course solution 1.1     a solution, once yours has passed, or with --give-up
           course reset 1.1        starts again; your file is kept as a backup

    Both:
           course check [1c|1.1]   checks your work
           course watch [1c|1.1]   checks it every time you save
           course hint [1c|1.1]    a hint; every call shows one more
           course skip [1c|1.1]    skips it for now

    A whole server in any language (docs/own-server.md):
           course check --server COMMAND
                                   level by level, up to the next thing to do
             --level NAME          a single level, such as keep-alive
             --as 03               all of the book's tests, with the rules for chapter 3
             --as 3i               those that the program of this step passes; without
                                   --server, whether yours does

    Without a number it is the step or exercise that you worked at last, or the one after it.

    exit status: 0 passed; 1 not passed; 2 usage
    """
}
