// A thread that only sleeps, for any program: what does it cost the other threads?
//
//   clang -O2 -shared -fPIC -o sleeper.so sleeper.c && LD_PRELOAD=./sleeper.so ./http 7979
#include <pthread.h>
#include <unistd.h>

static void *nap(void *nothing) {
  for (;;) pause();
}

__attribute__((constructor)) static void start(void) {
  pthread_t thread;
  pthread_create(&thread, 0, nap, 0);
}
