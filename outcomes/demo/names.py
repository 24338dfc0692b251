"""Names as young people in the West Midlands have them, the commonest first, and how else people write them.

A table of what a generator needs and no more. It is kept apart from the linker's own table of spellings on purpose:
a linker that is judged on the very list it was written with would only be judged on its memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate

EVEN_OUT = 4  # added to each rank, so that the first name of a list is frequent but not overwhelming


@dataclass(frozen=True)
class Heritage:
    """What a part of the region's people call their children."""

    share: float  # of households
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[str, ...]
    ethnicities: tuple[str, ...]
    tail: float = 0.0  # the share of surnames that are rare ones
    boys_second: tuple[str, ...] = ()  # a religious first forename that many write and many leave out
    girls_surname: str = ""  # what many girls put before, or in place of, the family's name
    boys_surname: str = ""


def weights(names: tuple[str, ...]) -> list[float]:
    """Cumulative, by rank."""
    return list(accumulate(1 / (rank + EVEN_OUT) for rank in range(len(names))))


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


ENGLISH_GIRLS = _words("""
    Olivia Amelia Isla Ava Mia Ella Lily Sophie Grace Emily Evie Poppy Chloe Jessica Freya Daisy Ruby Charlotte Phoebe
    Isabella Sophia Millie Ellie Lucy Holly Megan Erin Abigail Alice Eleanor Elizabeth Hannah Lauren Molly Scarlett
    Rosie Summer Lola Maisie Imogen Katie Bethany Rebecca Amber Georgia Jasmine Caitlin Paige Leah Amy Courtney Skye
    Harriet Matilda Florence Martha Lacey Libby Niamh Esme Zara Faith Eliza Victoria Samantha Rachel Sarah Nicole
    Natasha Kayleigh Shannon Chelsea Jodie Lexi Darcey Bonnie Tilly Anna Catherine Rose Aimee Naomi Eve Tia Robyn""")
ENGLISH_BOYS = _words("""
    Oliver Jack Harry George Charlie Thomas James Joshua William Jacob Alfie Daniel Oscar Leo Archie Samuel Ethan Joseph
    Max Lucas Benjamin Logan Alexander Isaac Freddie Dylan Riley Harrison Jake Tyler Callum Connor Liam Luke Matthew
    Ryan Nathan Adam Jamie Lewis Edward Henry Jayden Finley Noah Arthur Theo Toby Reece Kai Bradley Kyle Cameron Aaron
    Michael Robert Christopher Nicholas Andrew David Sebastian Zachary Owen Ben Louis Elliot Rhys Brandon Jordan Ashton
    Mason Corey Declan Kieran Sean Patrick Anthony Stephen Jonathan Dominic Morgan Billy Bobby Ronnie""")
ENGLISH_SURNAMES = _words("""
    Smith Jones Williams Taylor Brown Davies Evans Wilson Thomas Roberts Johnson Lewis Walker Robinson Wood Thompson
    White Watson Jackson Wright Green Harris Cooper King Lee Martin Clarke James Morgan Hughes Edwards Hill Moore Clark
    Harrison Scott Young Morris Hall Ward Turner Carter Phillips Mitchell Adams Campbell Anderson Allen Cook
    Bailey Parker Miller Davis Murphy Price Bell Baker Griffiths Kelly Simpson Marshall Collins Bennett Cox Richardson
    Fox Gray Rose Chapman Hunt Robertson Shaw Reynolds Lloyd Ellis Richards Russell Wilkinson Graham Stewart Reid
    Murray Powell Palmer Holmes Rogers Stevens Walsh Hunter Thomson Matthews Ross Owen Mason Knight Kennedy Butler
    O'Brien O'Connor McCarthy Fitzgerald Gallagher Doyle Byrne Ryan Hodgetts Round Tranter Whitehouse Cartwright
    Bytheway Tromans Homer Westwood Perks Bate Dunn Fellows Hadley Yates Millward Foster Nicholls Danks""")
# Rare surnames are made of a place's two halves.
PLACES = _words("""
    Ash Brad Hart Hol Wood Whit Stan Har Brom Al Ax El Brad Ling Mar Nor Os Pem Rad Sed Thorn Up Wal Wy Cald Dray Fair
    Gran Hazel Ington Kings Lang Mel Nether Oak Peck Quin Rush Shel Tet Under Ven West Yar Eccles Birch Cran Dod""")
ENDINGS = _words("""
    ley ton ford worth field bury ham wick well brook low stead thwaite croft combe bourne shaw more cote wood gate""")

MUSLIM_GIRLS = _words("""
    Aisha Fatima Zainab Maryam Khadija Amina Hafsa Sumaiya Safa Iqra Aaliyah Zahra Sana Ayesha Noor Hira Alisha Mariam
    Saira Rabia Sadia Nadia Samina Shabana Rukhsana Haleema Ruqayyah Asma Anam Mahnoor Laiba Eshal Inaya Zoya Aleena
    Kiran Sidra Tayyaba Uzma Yasmin Bushra Farah Humaira Javeria Madiha Nimra Parveen Rimsha Shazia Tahira""")
MUSLIM_BOYS = _words("""
    Mohammed Muhammad Ibrahim Hamza Ali Yusuf Hassan Bilal Zain Adam Umar Usman Abdullah Ahmed Haris Ismail Hussain
    Musa Adeel Imran Zayn Rayyan Faisal Junaid Kamran Tariq Waqas Saad Sufyan Tayyab Zeeshan Awais Danyaal Ehsan Farhan
    Ghulam Habib Irfan Jawad Khalid Luqman Mustafa Naveed Omar Qasim Rizwan Shahid Talha Uzair Wasim Yasir Zubair
    Aamir Asad Fahad Haider Idris Kashif Nabeel Raheem Sajid Taimur""")
MUSLIM_SURNAMES = _words("""
    Khan Hussain Ahmed Ali Begum Akhtar Mahmood Iqbal Malik Bibi Shah Mirza Aziz Hassan Mohammed Chaudhry Rehman Bashir
    Rashid Sheikh Qureshi Raja Butt Javed Zaman Hanif Latif Yousaf Saleem Sadiq Kauser Parveen Hayat Azam Arshad Nawaz
    Aslam Riaz Rafiq Ghafoor Mehmood Anwar Siddique Ashraf Yaqub Sharif Akram Farooq Kayani Dar Bhatti Abbasi Minhas
    Tahir Ishaq Zafar Waheed Jabeen Karim Majid Nazir""")
BANGLADESHI_SURNAMES = _words("""
    Begum Miah Ahmed Uddin Rahman Ali Khatun Islam Hussain Choudhury Khanom Alam Hoque Haque Akter Bibi Chowdhury
    Sultana Kamali Talukdar Khanam Sarkar Mia Abdin Hannan Quadir Shahid Motin Rob Hye Jalil Noor Latif""")
SIKH_GIRLS = _words("""
    Simran Jaspreet Harpreet Manpreet Navdeep Kiran Amrit Gurleen Jasleen Ravneet Sukhpreet Prabhjot Kulwinder Rajvir
    Mandeep Baljit Parminder Ravinder Sandeep Jasmine Anisha Arshdeep Ekam Mehar Avneet Amandeep Karamjit Nimrat""")
SIKH_BOYS = _words("""
    Arjan Gurpreet Harpreet Jaspreet Manpreet Sukhdeep Amandeep Jagdeep Ranjit Jasdeep Karanveer Gursharan Harjot
    Rajvir Mandeep Baljit Jaskaran Lakhvir Paramjit Sandeep Satnam Tejveer Arjun Armaan Dilraj Fateh Ishaan Navraj Veer
    Bhupinder Charanjit Hardeep Inderjit Jatinder Kuldeep Ravinder""")
SIKH_SURNAMES = _words("""
    Singh Dhillon Sidhu Gill Sandhu Bains Johal Grewal Dosanjh Sohal Uppal Dhaliwal Bassi Virk Atwal Chahal Purewal
    Kang Mann Rai Cheema Sahota Basra Sanghera Hayer Landa Nijjar Randhawa Toor Thandi Bhogal Panesar Matharu Kalsi
    Rehal Jandu Lall Sangha Heer Takhar Pooni Bahia Nagra""")
HINDU_GIRLS = _words("""
    Priya Anjali Neha Pooja Riya Diya Anaya Isha Kavya Meera Nisha Shreya Aarti Bhavna Divya Hetal Janvi Komal Krupa
    Lakshmi Mansi Nikita Radhika Sneha Tanvi Urvi Vaishali Ami Deepa Roshni Sonal Trisha""")
HINDU_BOYS = _words("""
    Arjun Raj Rohan Aarav Vikram Dev Krishan Nikhil Rahul Amit Jay Ravi Sanjay Anand Kunal Hiren Kiran Manish Neel Om
    Pranav Rishi Sahil Tejas Vivek Yash Aditya Deepak Hitesh Keval Mihir Parth""")
HINDU_SURNAMES = _words("""
    Patel Shah Sharma Mistry Parmar Chauhan Desai Kumar Joshi Solanki Gupta Mehta Verma Nair Reddy Lad Kapoor Amin Bhatt
    Chopra Dave Gandhi Iyer Jain Kapadia Lakhani Modi Naik Pandya Raval Rathod Saini Thakor Vyas Bhakta Vaghela""")
CARIBBEAN_GIRLS = _words("""
    Shanice Keisha Chantelle Aaliyah Tiana Jada Kiara Naomi Destiny Rihanna Shania Leanna Monique Simone Kadisha Renee
    Tanisha Ebony Shakira Latoya Nevaeh Princess Alicia Amara Brianna Candice Dionne Kezia Mya Nia Paris Raven""")
CARIBBEAN_BOYS = _words("""
    Tyrone Malachi Jayden Kai Marcus Jerome Andre Tyrell Jermaine Leon Isaiah Elijah Nathaniel Kieron Reuben Dwayne
    Aaron Cameron Damarni Delroy Ezekiel Javon Kaleb Levi Micah Nathan Omari Romario Shaquille Tremaine Xavier Zion""")
CARIBBEAN_SURNAMES = _words("""
    Campbell Brown Williams Francis Gordon Johnson Thomas Morris Grant Reid Clarke Lewis Bailey Stewart Powell Henry
    Thompson Samuels Edwards Palmer Douglas Simpson Daley Gayle Nelson Bennett Blake Barrett Burke Charles Cunningham
    Dixon Dyer Ellis Ferguson Forbes Fraser Gentles Graham Harriott Lawrence McKenzie Malcolm Miller Nembhard Pinnock
    Plummer Richards Rowe Sinclair Spence Sterling Walters Whyte Wint Wray""")
AFRICAN_GIRLS = _words("""
    Blessing Grace Esther Chioma Ngozi Adaeze Amara Precious Favour Mercy Abena Akua Ama Efua Folake Temitope Ruth Joy
    Tendai Rudo Chipo Tsitsi Miriam Selam Hiwot Adanna Bolanle Damilola Ebele Funmilayo Ifeoma Kemi Nkechi Yetunde""")
AFRICAN_BOYS = _words("""
    Emmanuel David Daniel Samuel Kwame Kofi Chidi Emeka Tobi Ayomide Oluwaseun Tunde Femi Kwabena Yaw Tatenda Tendai
    Farai Tapiwa Michael Joshua Elijah Prince Wisdom Abel Yonas Dawit Obinna Ikenna Uche Chukwuemeka Kelechi Segun
    Babatunde Gideon Moses Caleb""")
AFRICAN_SURNAMES = _words("""
    Mensah Okafor Adeyemi Boateng Moyo Okonkwo Owusu Asante Ncube Osei Adebayo Appiah Tesfaye Bekele Eze Ogunleye
    Chikwanha Sibanda Dube Ndlovu Afolabi Agyeman Amoah Anane Balogun Chukwu Danso Eke Frimpong Gyamfi Haile Ibe Igwe
    Kamara Kuffour Lawal Mutasa Nkemelu Nwosu Obi Odunsi Ofori Ojo Okoro Olaniyan Oyelaran Quaye Sarpong Tetteh Ugwu
    Woldemariam Yeboah Zulu Kabila Mbala Ilunga Kabongo Lukusa Makoni Chigumba""")
SOMALI_GIRLS = _words("""
    Hodan Fadumo Amina Halima Ayaan Sagal Hibo Ifrah Nasra Khadra Sahra Ubah Deqa Ikran Muna Naima Ruqiya Safiya Zamzam
    Hamdi Asha Idil""")
SOMALI_BOYS = _words("""
    Abdi Abdirahman Mohamed Ahmed Hassan Abdullahi Liban Guled Yusuf Khalid Mahad Ismail Bashir Zakaria Ayub Abdikarim
    Sharmarke Warsame Jama Hamza Ibrahim Mustafe""")
SOMALI_SURNAMES = _words("""
    Mohamed Ali Abdi Hassan Ahmed Yusuf Warsame Hussein Ibrahim Farah Omar Jama Mohamud Osman Adan Abdullahi Ismail
    Nur Isse Aden Elmi Dahir Hersi Guled Salad Duale Barre Hirsi Gedi Egal""")
POLISH_GIRLS = _words("""
    Julia Zuzanna Maja Zofia Oliwia Aleksandra Wiktoria Natalia Hanna Lena Maria Gabriela Nikola Amelia Emilia Karolina
    Weronika Patrycja Kinga Martyna Elena Andreea Ioana Alexandra Daria Bianca Denisa Raluca Teodora""")
POLISH_BOYS = _words("""
    Jakub Kacper Szymon Filip Antoni Jan Mateusz Bartosz Michal Dawid Wojciech Piotr Krzysztof Oskar Igor Adrian Patryk
    Dominik Marcel Krystian Andrei Alexandru Stefan David Ionut Mihai Luca Matei Razvan Cosmin Gabriel""")
POLISH_SURNAMES = _words("""
    Nowak Kowalski Wisniewski Popescu Ionescu Wojcik Kaminski Lewandowski Zielinski Wozniak Dabrowski Kozlowski
    Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Pawlowski Michalski Popa Dumitru Stan Stoica Gheorghe
    Rusu Munteanu Matei Radu Constantin Zajac Wieczorek Jablonski Krol Majewski Olszewski Jaworski Wrobel Malinowski
    Stepien Dudek Sikora Baran Duda Szewczyk Tomaszewski Marciniak Kovacs Horvath Balog Kazlauskas Ivanova Petrov""")
ARAB_GIRLS = _words("""
    Maryam Fatima Noor Layla Sara Zahra Aya Yasmin Hala Rania Dalia Lina Salma Huda Amal Zainab Jana Reem Malak Ruba
    Shirin Nisreen Tala Berfin Elif Zeynep""")
ARAB_BOYS = _words("""
    Omar Ahmad Yousef Ali Mohammad Hassan Karim Khaled Mahmoud Amir Tarek Bilal Hadi Ibrahim Jamal Laith Mustafa Nasser
    Rami Sami Walid Zaid Hussein Rawaz Karwan Emre Mehmet Diyar""")
ARAB_SURNAMES = _words("""
    Al-Hassan Ibrahim Saleh Mansour Haddad Khalil Hamid Al-Masri Abdullah Nasser Yilmaz Rahimi Karimi Ahmadi Hosseini
    Al-Jaberi Darwish Faraj Ghanem Hamdan Issa Jaber Kassem Mahdi Najjar Omar Qasim Rashid Saeed Taha Younis Zidan
    Amiri Noori Sharifi Aziz Rasul Demir Kaya Othman Elmasry Benali Mohammadi""")
CHINESE_GIRLS = _words(
    "Mei Lin Xin Yan Jing Emily Grace Linh Thi Lan Hoa Amy Sophie Wing Ying Hui Fang Qian Trang Ngoc"
)
CHINESE_BOYS = _words("Wei Ming Jun Hao Kevin Jason Daniel Minh Duc Tuan Anh Chun Kit Wai Lok Zhi Long Bao Quang Huy")
CHINESE_SURNAMES = _words(
    "Wong Chen Li Nguyen Tran Chan Zhang Liu Lam Cheung Wang Yang Huang Pham Le Ho Ng Lau Hoang Vu"
)

HERITAGES = (
    Heritage(0.44, ENGLISH_GIRLS, ENGLISH_BOYS, ENGLISH_SURNAMES, ("White British",), tail=0.3),
    Heritage(
        0.16, MUSLIM_GIRLS, MUSLIM_BOYS, MUSLIM_SURNAMES, ("Pakistani",), boys_second=("Mohammed", "Muhammad", "Syed")
    ),
    Heritage(0.03, MUSLIM_GIRLS, MUSLIM_BOYS, BANGLADESHI_SURNAMES, ("Bangladeshi",), boys_second=("Mohammed", "Md")),
    Heritage(0.07, SIKH_GIRLS, SIKH_BOYS, SIKH_SURNAMES, ("Indian",), girls_surname="Kaur", boys_surname="Singh"),
    Heritage(0.04, HINDU_GIRLS, HINDU_BOYS, HINDU_SURNAMES, ("Indian",)),
    Heritage(
        0.08, CARIBBEAN_GIRLS, CARIBBEAN_BOYS, CARIBBEAN_SURNAMES, ("Caribbean", "White and Black Caribbean"), tail=0.05
    ),
    Heritage(0.06, AFRICAN_GIRLS, AFRICAN_BOYS, AFRICAN_SURNAMES, ("African",)),
    Heritage(0.03, SOMALI_GIRLS, SOMALI_BOYS, SOMALI_SURNAMES, ("African",)),
    Heritage(0.05, POLISH_GIRLS, POLISH_BOYS, POLISH_SURNAMES, ("Any other White background",)),
    Heritage(0.03, ARAB_GIRLS, ARAB_BOYS, ARAB_SURNAMES, ("Arab",), boys_second=("Mohammad",)),
    Heritage(0.01, CHINESE_GIRLS, CHINESE_BOYS, CHINESE_SURNAMES, ("Chinese",)),
)

# Names that stand for one another when people write them down: short forms, and spellings of one name.
FAMILIES = [
    _words(line)
    for line in """
    Mohammed Muhammad Mohamed Mohammad Mohamad Muhammed Mohd
    Ahmed Ahmad Ahmet
    Hussain Hussein Husain Hossain
    Hassan Hasan
    Yusuf Yousuf Yousef Yusef Yousaf
    Ibrahim Ebrahim Ibraheem
    Ismail Ismael Ismaeel
    Umar Omar Umer
    Usman Osman Uthman
    Bilal Billal Belal
    Zain Zayn Zane
    Abdullah Abdulla Abdallah
    Zeeshan Zishan
    Rayyan Rayan
    Tariq Tarek Tareq
    Khalid Khaled
    Mustafa Mustapha
    Kareem Karim
    Aisha Ayesha Aishah Aysha
    Fatima Fatimah Fathima Fatema
    Zainab Zaynab Zeinab
    Maryam Mariam Miriam
    Khadija Khadijah Kadija
    Amina Aminah Ameena
    Aaliyah Aliyah Aliya
    Yasmin Yasmine Jasmine
    Noor Nur
    Choudhury Chaudhry Chowdhury Choudhry Chaudhary
    Sheikh Shaikh
    Rehman Rahman
    Mahmood Mehmood Mahmoud
    Miah Mia
    Siddique Siddiqui
    Qureshi Qureshy
    Mohamud Mahamud
    Dhillon Dhillion
    Sidhu Sidhoo
    Samuel Sam
    Thomas Tom Tommy
    William Will Billy
    Joseph Joe Joey
    Benjamin Ben
    Alexander Alex
    Daniel Dan Danny
    Matthew Matt Mathew
    Nathaniel Nathan Nate
    Christopher Chris
    Nicholas Nick
    Michael Mike
    Robert Rob Bobby
    James Jamie Jim
    Joshua Josh
    Edward Eddie Ted
    Anthony Tony Antony
    Andrew Andy
    Zachary Zach Zac
    Jonathan Jon Jonny
    Stephen Steven Steve
    Charlie Charles
    Frederick Freddie Fred
    Archie Archibald
    Harrison Harry
    Emmanuel Manny Emanuel
    Kieran Ciaran
    Sean Shaun Shawn
    Reece Rhys
    Elizabeth Beth Lizzie Eliza
    Catherine Katherine Kate Katie Kathryn
    Rebecca Becky Becca
    Jessica Jess Jessie
    Isabella Bella Isabelle
    Abigail Abi Abby
    Olivia Liv
    Charlotte Lottie
    Samantha Sam
    Victoria Vicky
    Eleanor Ellie Elinor
    Megan Meg Meghan
    Caitlin Kaitlin Katelyn
    Sophie Sophia Sofia
    Natasha Tash
    Hannah Hanna Hana
    Amelia Amelie Millie
    Lucy Lucie
    Chloe Cloe
    Georgia Georgie
    Aleksandra Alexandra Ola
    Zuzanna Susanna Zuzia
    Katarzyna Kasia
    Jakub Kuba Jacob
    Michal Michael
    Mateusz Matthew
    Wojciech Wojtek
    Oluwaseun Seun
    Temitope Temi
    Chukwuemeka Emeka
    Babatunde Tunde
    Abdirahman Abdi Abdulrahman
    Singh Sing
    Kaur Kour
    Clarke Clark
    Thompson Thomson
    Reid Reed
    Stewart Stuart
    Bailey Bayley
    Davies Davis
    Phillips Philips
    Matthews Mathews
    Kowalski Kowalska
    Nowak Novak
    Wisniewski Wisniewska
    """.strip().splitlines()
]
OTHER_SPELLINGS: dict[str, tuple[str, ...]] = {}
for family in FAMILIES:
    for name in family:
        OTHER_SPELLINGS[name] = OTHER_SPELLINGS.get(name, ()) + tuple(other for other in family if other != name)

ACCENTED = {"Chloe": "Chloë", "Zoe": "Zoë", "Renee": "Renée", "Michal": "Michał", "Krol": "Król", "Zajac": "Zając"}
