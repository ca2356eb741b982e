/** A program that trains and asks a recurrent network. */
module org.example.waves {
  requires dev.lanewise.engine;
}
